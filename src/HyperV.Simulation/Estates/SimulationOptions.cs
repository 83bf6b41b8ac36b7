using HostAgent.HyperV.Failback;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Options of a simulated host.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// The file with the host's history: appended to, and continued from if it exists. It lets the host outlive the process.
    /// Null (the default): the host ends with the process.
    /// </summary>
    public string? StateFile { get; init; }

    /// <summary>
    /// The directory with the files of hosts that an estate pairs; the processes of both hosts use it. It takes the place of <see cref="StateFile"/> for them.
    /// Null (the default): a paired host cannot be opened by itself.
    /// </summary>
    public string? PairDirectory { get; init; }

    /// <summary>
    /// Whether each decision is flushed to disk before the caller gets an answer, so that it survives a power failure. Default false:
    /// writes go to the operating system, which is enough to survive any end of this process.
    /// </summary>
    public bool FlushToDisk { get; init; }

    /// <summary>
    /// The size in bytes above which the state file is replaced by a summary; above 0. If the summary itself is large, the file may first grow
    /// to twice its size. Default 4 MiB.
    /// </summary>
    public long CompactAbove { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many times faster than real time the host works; above 0. Default 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Seed of everything random on the host (job identifiers, recovery points). Default 0. An existing state file keeps its seed.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The minimum time, on the real clock, that an ended job stays readable. A host keeps ended jobs for five minutes of host time; at a
    /// high <see cref="Speed"/> that would be shorter than any client's polling period, which cannot happen on a real host.
    /// Default 15 seconds; zero means five minutes divided by the speed.
    /// </summary>
    public TimeSpan MinimumJobRetention { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The order in which InitiateFailback checks its arguments, each check once. Null (the default): the host's <see cref="Estates.SimulatedHostDescription.CheckOrder"/>.</summary>
    public IReadOnlyList<FailbackCheck>? CheckOrder { get; init; }

    /// <summary>The replication states and modes that InitiateFailback accepts, and whether the machine must be off. Null (the default): from the host's description.</summary>
    public FailbackRules? Rules { get; init; }

    /// <summary>Logs how each call was decided. Default: none.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What one transfer gets at most, whatever the link has; null for no limit.</summary>
    internal double? StreamMegabitsPerSecond { get; init; }

    /// <summary>Whether the host stands still until it is joined to another one: its jobs may have something to do there.</summary>
    internal bool WaitsForPeer { get; init; }
}

/// <summary>
/// The checks InitiateFailback makes before it accepts a call, in the assumed default order. The real order is not published;
/// <see cref="SimulationOptions.CheckOrder"/> changes it.
/// </summary>
public enum FailbackCheck
{
    /// <summary>The caller has access; otherwise 32769.</summary>
    Access,

    /// <summary>ComputerSystem names a virtual machine of this host; otherwise 32773, or WBEM_E_NOT_FOUND when there is no object at the path.</summary>
    ComputerSystem,

    /// <summary>ReplicationSettingData is the text of an instance of that class; otherwise 32773, or 32776 for a wrong class or type.</summary>
    SettingsText,

    /// <summary>The settings belong to the virtual machine; otherwise 32773.</summary>
    SettingsOwner,

    /// <summary>The virtual machine is a replica or an extended replica; otherwise 32775.</summary>
    Mode,

    /// <summary>No other job is running on the virtual machine; otherwise 32774.</summary>
    NotBusy,

    /// <summary>The virtual machine is off and its replication state allows failback; otherwise 32775.</summary>
    State,

    /// <summary>The replication provider supports failback; otherwise 32770.</summary>
    ProviderSupport,

    /// <summary>The replication provider reaches the primary site; otherwise 32777.</summary>
    ProviderReach,

    /// <summary>The requested recovery point exists; otherwise 32773.</summary>
    RecoveryPoint,
}
