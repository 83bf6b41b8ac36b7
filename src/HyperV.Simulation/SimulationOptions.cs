using HostAgent.HyperV.Failback;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.HyperV.Simulation;

/// <summary>How a simulated host is run.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// The file the host's past is appended to, and continued from when it exists. It is what lets the host outlive the process.
    /// Null (the default): the host lives and dies with the process.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>
    /// Whether each decision is forced to the disk before a caller hears of it, so that it survives a power cut too. Default false: it is
    /// handed to the operating system, which is enough to survive the end of this process however it comes.
    /// </summary>
    public bool FlushToDisk { get; init; }

    /// <summary>
    /// From how many bytes on the state file is replaced by a summary of it; above 0. A summary that is itself large is let grow to twice
    /// its size first. Default 4 MiB.
    /// </summary>
    public long CompactAbove { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many times faster than the clock the host works; above 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>The seed of everything the host draws (job identifiers, recovery points). Default 0. A state file that exists keeps the seed it began with.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The shortest time, on the real clock, that an ended job stays readable. A host keeps ended jobs for five minutes of its own time;
    /// at a high <see cref="Speed"/> that would be less than any client's polling period, which no real host confronts it with.
    /// Default 15 seconds; zero leaves the plain five minutes divided by the speed.
    /// </summary>
    public TimeSpan MinimumJobRetention { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The order in which InitiateFailback checks its arguments: every check once. Null (the default): the host's own, <see cref="Estates.SimulatedHostDescription.CheckOrder"/>.</summary>
    public IReadOnlyList<FailbackCheck>? CheckOrder { get; init; }

    /// <summary>The replication states and modes that InitiateFailback accepts, and whether the machine must be off. Null (the default): as the host's description says.</summary>
    public FailbackRules? Rules { get; init; }

    /// <summary>Where the host tells how it judged each call. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}

/// <summary>
/// The checks InitiateFailback makes before it accepts a call, in the order assumed by default. The real order is not published, so
/// <see cref="SimulationOptions.CheckOrder"/> can change it.
/// </summary>
public enum FailbackCheck
{
    /// <summary>The caller may do this at all; else 32769.</summary>
    Access,

    /// <summary>ComputerSystem names a virtual machine of this host; else 32773, or WBEM_E_NOT_FOUND for a path that leads nowhere.</summary>
    ComputerSystem,

    /// <summary>ReplicationSettingData is the text of an instance of that class; else 32773, or 32776 where class or types are wrong.</summary>
    SettingsText,

    /// <summary>The settings belong to the virtual machine; else 32773.</summary>
    SettingsOwner,

    /// <summary>The virtual machine is a replica or an extended replica; else 32775.</summary>
    Mode,

    /// <summary>No other job is busy on the virtual machine; else 32774.</summary>
    NotBusy,

    /// <summary>The virtual machine is off and its replication state allows failback; else 32775.</summary>
    State,

    /// <summary>The replication provider supports failback; else 32770.</summary>
    ProviderSupport,

    /// <summary>The replication provider reaches the primary site; else 32777.</summary>
    ProviderReach,

    /// <summary>The recovery point asked for exists; else 32773.</summary>
    RecoveryPoint,
}

/// <summary>A state file cannot be used: it is served by another process, damaged, or tells the past of another host. The message is one line.</summary>
public sealed class StateFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line that names the file and what is wrong with it.</param>
    /// <param name="innerException">The file system's own exception, where there is one.</param>
    public StateFileException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
