using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>What begins a machine's replication statistics anew.</summary>
internal static class StatisticsOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfReplicationService("ResetReplicationStatistics", Reset), MachineOperation.OfReplicationService("ResetReplicationStatisticsEx", Reset),
    ];

    private static OperationDecision Reset(OperationCall call) => (RelationshipArgument.Read(call, out var refusal), call.Machine) switch
    {
        (null, _) => refusal!,
        (_, { Mode: ReplicationMode.None or ReplicationMode.TestReplica }) => Refusals.WrongMode(call.Machine),
        (ChangedSettings.ExtendedRelationship, { Extended: false }) => OperationDecision.InvalidState("the machine has no extended relationship"),
        _ => OperationDecision.Start(JobType.ResetReplicationStatistics, OperationPlans.Timed(call.Machine, 1, new MachineChange { ResetsStatistics = true })),
    };
}
