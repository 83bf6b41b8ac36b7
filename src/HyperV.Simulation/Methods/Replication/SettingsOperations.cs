using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>Creates relationships and modifies their settings.</summary>
internal static class SettingsOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfReplicationService("ModifyReplicationSettings", Modify), MachineOperation.OfReplicationService("CreateReplicationRelationship", Create),
    ];

    // A machine without replication becomes a primary; a replica gets an extended replica.
    private static OperationDecision Create(OperationCall call) => call.Machine switch
    {
        { Mode: ReplicationMode.None } => Create(call, ChangedSettings.PrimaryRelationship, change => new MachineChange
        {
            Mode = ReplicationMode.Primary,
            ReplicationState = ReplicationState.Ready,
            Settings = change,
        }),
        { Mode: ReplicationMode.Replica, Extended: true } => OperationDecision.InvalidState("the machine already has an extended replica"),
        { Mode: ReplicationMode.Replica, ReplicationState: not ReplicationState.Replicating } => Refusals.WrongState(call.Machine),
        { Mode: ReplicationMode.Replica } => Create(call, ChangedSettings.ExtendedRelationship, change => new MachineChange
        {
            Extended = true,
            ExtendedState = ReplicationState.Ready,
            Settings = change,
        }),
        _ => Refusals.WrongMode(call.Machine),
    };

    private static OperationDecision Create(OperationCall call, int relationship, Func<SettingsChange, MachineChange> made)
    {
        if (SettingsArgument.Read(call) is var argument && argument.Settings is not { } given)
        {
            return argument.Refusal!;
        }

        var inBox = call.World.Description.Provider == ReplicationProviderKind.InBox;
        if (inBox && given is ({ RecoveryConnectionPoint: null or "" } or { RecoveryServerPortNumber: null } or { AuthenticationType: null }))
        {
            return OperationDecision.Refuse(ReturnCode.InvalidParameter, "RecoveryConnectionPoint, RecoveryServerPortNumber and AuthenticationType are required");
        }

        return SettingsRules.Change(call, given, relationship, out var refusal) switch
        {
            null => refusal!,
            _ when !call.World.Description.PrimarySiteReachable => OperationDecision.Refuse(ReturnCode.SystemNotAvailable, "the other side cannot be reached"),
            var change => OperationDecision.Start(JobType.CreateReplicationRelationship, Plan(call, relationship, OperationPlans.Timed(call.Machine, 5, made(change)))),
        };
    }

    private static JobPlan Plan(OperationCall call, int relationship, JobPlan plan) => relationship == ChangedSettings.PrimaryRelationship ? PeerRules.Create(call, plan) : plan;

    // On a replica the call modifies the extended relationship: the primary one's settings are modified on the primary.
    private static OperationDecision Modify(OperationCall call)
    {
        var relationship = call.Machine.Mode == ReplicationMode.Primary ? ChangedSettings.PrimaryRelationship : ChangedSettings.ExtendedRelationship;
        return call.Machine switch
        {
            { Mode: ReplicationMode.None or ReplicationMode.TestReplica } => Refusals.WrongMode(call.Machine),
            { Extended: false } when relationship == ChangedSettings.ExtendedRelationship
                => OperationDecision.InvalidState("the machine has no extended relationship, and the settings of the primary one are modified on the primary side"),
            _ => SettingsArgument.Read(call) switch
            {
                { Settings: { } given } => Modify(call, given, relationship),
                { Refusal: var refusal } => refusal!,
            },
        };
    }

    private static OperationDecision Modify(OperationCall call, ReplicationSettingData given, int relationship)
        => given.InstanceId is { Length: > 0 } text && !(ReplicationInstanceId.TryParse(text, out var id) && id.IsExtended == (relationship == ChangedSettings.ExtendedRelationship))
            ? OperationDecision.Refuse(ReturnCode.InvalidParameter, $"the settings are those of '{text}', not of relationship {relationship}")
            : SettingsRules.Change(call, given, relationship, out var refusal) is { } change
                ? OperationDecision.Start(JobType.ModifyReplicationRelationship, OperationPlans.Timed(call.Machine, 2, new MachineChange { Settings = change }))
                : refusal!;
}
