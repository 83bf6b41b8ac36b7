using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Contract;

/// <summary>A session under test, and what the tests may know of the host behind it.</summary>
public sealed record CimSessionSubject
{
    /// <summary>The session; disposed at the end of each test.</summary>
    public required ICimSession Session { get; init; }

    /// <summary>A virtual machine that exists (Msvm_ComputerSystem) and has a replication relationship; null skips the tests that need one.</summary>
    public CimObjectPath? ReplicatedMachine { get; init; }

    /// <summary>The display name of a machine whose name holds quotes and a backslash; null skips the tests that need one.</summary>
    public string? AwkwardName { get; init; }

    /// <summary>Makes one visible change to <see cref="ReplicatedMachine"/>; null skips the tests that need one, as a real host should.</summary>
    public Func<CancellationToken, Task>? ModifyMachine { get; init; }

    /// <summary>How long a change may take to be seen.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the watch looks for changes.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(1);
}
