using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Methods that exist on a real host too only to answer 1, not supported.</summary>
internal sealed class NotSupportedMethod<T>(string name) : ISimulatedMethod
{
    public string Name => name;

    public bool IsOf(object target) => target is T;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.Code(1);
}

/// <summary>The list of these methods.</summary>
internal static class NotSupportedMethods
{
    public static IReadOnlyList<ISimulatedMethod> All { get; } =
    [
        new NotSupportedMethod<Job>("KillJob"),
        new NotSupportedMethod<ReplicationService>("RequestStateChange"),
        new NotSupportedMethod<ReplicationService>("StartService"),
        new NotSupportedMethod<ReplicationService>("StopService"),
    ];
}
