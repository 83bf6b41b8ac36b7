using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.Server;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>What binds one replica to an authorization entry of the host.</summary>
internal static class AuthorizationOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } = [MachineOperation.OfReplicationService("SetAuthorizationEntry", Set)];

    private static OperationDecision Set(OperationCall call)
    {
        if (call.World.Description.Cluster is not null)
        {
            return OperationDecision.Refuse(ReturnCode.NotSupported, "the host is a node of a cluster, whose replica broker is to be asked");
        }

        if (call.Machine.Mode is not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica))
        {
            return Refusals.WrongMode(call.Machine);
        }

        var given = AuthorizationEntryArgument.Read(call.Inputs.GetValueOrDefault("AuthorizationEntry") as string, whole: false, out var refusal);
        return given switch
        {
            null => refusal!,
            _ when call.World.Server.Find(given.Name) is { } entry => OperationDecision.Start(
                JobType.ModifyReplicationRelationship, OperationPlans.Timed(call.Machine, 1, new MachineChange { AuthorizationEntry = entry.AllowedPrimaryHostSystem })),
            _ => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"there is no entry for '{given.Name}'"),
        };
    }
}
