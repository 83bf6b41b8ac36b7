using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>TestReplicationConnection: whether the primary site is reached, answered at once (assumed; a real host may start a job).</summary>
internal sealed class TestReplicationConnectionMethod : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find("TestReplicationConnection")!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        var complete = inputs.GetValueOrDefault("RecoveryConnectionPoint") is string { Length: > 0 }
            && inputs.GetValueOrDefault("RecoveryServerPortNumber") is not null && inputs.GetValueOrDefault("AuthenticationType") is not null;
        var code = !complete ? ReturnCode.InvalidParameter
            : world.Description.PrimarySiteReachable ? ReturnCode.Completed
            : ReturnCode.SystemNotAvailable;
        return MethodResults.With((uint)code, "Job", null);
    }
}
