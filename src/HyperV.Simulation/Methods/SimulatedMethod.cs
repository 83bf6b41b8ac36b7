using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>One method of one kind of object.</summary>
internal interface ISimulatedMethod
{
    CimMethod Declaration { get; }

    /// <summary>Whether an object has this method.</summary>
    bool IsOf(object target);

    /// <summary>Executes a call.</summary>
    /// <param name="world">The host's current state.</param>
    /// <param name="target">The object that the method is called on.</param>
    /// <param name="inputs">The arguments.</param>
    /// <param name="commit">Records each decision; on return the decision is in the state file and in effect.</param>
    /// <exception cref="CimException">The call fails with an HRESULT.</exception>
    CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit);
}

internal static class MethodResults
{
    public static CimMethodResult Code(uint returnValue) => new(returnValue, new Dictionary<string, object?>());

    public static CimMethodResult With(uint returnValue, string output, object? value)
        => new(returnValue, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [output] = value });
}

/// <summary>Methods that exist on a real host too, but only answer 1, not supported.</summary>
/// <param name="declaration">The method.</param>
internal sealed class NotSupportedMethod<T>(CimMethod declaration) : ISimulatedMethod
{
    public CimMethod Declaration => declaration;

    public bool IsOf(object target) => target is T;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.Code(1);
}

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
