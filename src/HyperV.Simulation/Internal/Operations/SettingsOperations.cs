using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>What changes a machine's replication settings.</summary>
internal static class SettingsOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } = [MachineOperation.OfReplicationService("ModifyReplicationSettings", Modify)];

    // On a replica the call is about the relationship with the extended replica: the primary one's settings are the primary's to change.
    private static OperationDecision Modify(OperationCall call)
    {
        var relationship = call.Machine.Mode == ReplicationMode.Primary ? ChangedSettings.PrimaryRelationship : ChangedSettings.ExtendedRelationship;
        return call.Machine switch
        {
            { Mode: ReplicationMode.None or ReplicationMode.TestReplica } => Refusals.WrongMode(call.Machine),
            { Extended: false } when relationship == ChangedSettings.ExtendedRelationship
                => OperationDecision.InvalidState("the machine has no extended relationship, and the settings of the primary one are changed at the primary side"),
            _ => SettingsArgument.Read(call) switch
            {
                { Settings: { } given } => Modify(call, given, relationship),
                { Refusal: var refusal } => refusal!,
            },
        };
    }

    private static OperationDecision Modify(OperationCall call, ReplicationSettingData given, int relationship)
        => given.InstanceId is { Length: > 0 } text && !(ReplicationInstanceId.TryParse(text, out var id) && id.IsExtended == (relationship == ChangedSettings.ExtendedRelationship))
            ? OperationDecision.Refuse(Failback.ReturnCode.InvalidParameter, $"the settings are those of '{text}', not of relationship {relationship}")
            : SettingsRules.Change(call, given, relationship, out var refusal) is { } change
                ? OperationDecision.Start(JobType.ModifyReplicationRelationship, OperationPlans.Timed(call.Machine, 2, new MachineChange { Settings = change }))
                : refusal!;
}
