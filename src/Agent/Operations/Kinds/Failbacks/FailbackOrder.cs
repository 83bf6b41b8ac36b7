using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds.Failbacks;

/// <summary>The parameters of a failback.</summary>
internal sealed record FailbackOrder
{
    /// <summary>The recovery machine.</summary>
    public required VirtualMachineId VirtualMachine { get; init; }

    /// <summary>Which point in time to go back to.</summary>
    public required RecoveryPointSelector RecoveryPoint { get; init; }

    /// <summary>Replaces values of the machine's own replication settings; null sends them unchanged.</summary>
    public ReplicationSettingOverrides? Overrides { get; init; }

    /// <summary>The whole settings text, sent as it is instead of the machine's own; null for the machine's own.</summary>
    public string? SettingText { get; init; }

    /// <summary>Ids of overridable readiness checks that the caller accepts.</summary>
    public IReadOnlyList<string> AcceptedChecks { get; init; } = [];
}
