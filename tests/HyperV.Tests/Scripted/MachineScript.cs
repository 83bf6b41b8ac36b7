using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Tests.Scripted;

/// <summary>One machine of a scripted host; by default one that is ready for failback.</summary>
internal sealed record MachineScript
{
    public const string ExternalProvider =
        @"\\HV-WEST-01\root\virtualization\v2:Msvm_ReplicationProvider.InstanceID=""Microsoft:HV-WEST-01\\ReplicationProvider\\7A1E9E8B-0000-4000-8000-000000000001""";

    public const string InBoxProvider =
        @"\\HV-WEST-01\root\virtualization\v2:Msvm_ReplicationProvider.InstanceID=""Microsoft:HV-WEST-01\\ReplicationProvider\\22391CDC-272C-4DDF-BA88-9BEFB1A0975C""";

    public VirtualMachineId Id { get; init; } = VirtualMachineId.Parse("1F0CA5B0-3D2E-4C7A-9F11-0A0B0C0D0E01");

    public string Name { get; init; } = "sql-01";

    public EnabledState EnabledState { get; init; } = EnabledState.Off;

    public ushort[] OperationalStatus { get; init; } = [2];

    public ushort HealthState { get; init; } = 5;

    public ReplicationMode Mode { get; init; } = ReplicationMode.Replica;

    public ReplicationState? State { get; init; } = ReplicationState.Committed;

    public ReplicationHealth Health { get; init; } = ReplicationHealth.Warning;

    public DateTimeOffset? LastReplicationTime { get; init; } = ScriptedHost.Now.AddHours(-3);

    public TimeSpan ApplyLag { get; init; }

    public bool Extended { get; init; }

    public bool HasSettings { get; init; } = true;

    public string? Provider { get; init; } = ExternalProvider;

    public IReadOnlyList<(string Name, object? Value)> Settings { get; init; } = [];
}
