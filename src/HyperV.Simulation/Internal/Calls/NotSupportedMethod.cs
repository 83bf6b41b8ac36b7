using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Methods that exist on a real host too only to answer 1, not supported.</summary>
/// <param name="declaration">The method.</param>
internal sealed class NotSupportedMethod<T>(CimMethod declaration) : ISimulatedMethod
{
    public CimMethod Declaration => declaration;

    public bool IsOf(object target) => target is T;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.Code(1);
}

/// <summary>The list of these methods.</summary>
internal static class NotSupportedMethods
{
    public static IReadOnlyList<ISimulatedMethod> All { get; } =
    [
        new NotSupportedMethod<Job>(new CimMethod("KillJob", [])),
        new NotSupportedMethod<ReplicationService>(ReplicationServiceMethods.Find("RequestStateChange")!),
        new NotSupportedMethod<ReplicationService>(ReplicationServiceMethods.Find("StartService")!),
        new NotSupportedMethod<ReplicationService>(ReplicationServiceMethods.Find("StopService")!),
    ];
}
