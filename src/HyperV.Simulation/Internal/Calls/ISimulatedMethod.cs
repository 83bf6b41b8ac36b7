using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>One method of one kind of object.</summary>
internal interface ISimulatedMethod
{
    /// <summary>Its name and parameters.</summary>
    CimMethod Declaration { get; }

    /// <summary>Whether an object has this method.</summary>
    bool IsOf(object target);

    /// <summary>Carries out a call.</summary>
    /// <param name="world">The host as it is now.</param>
    /// <param name="target">The object called.</param>
    /// <param name="inputs">The arguments.</param>
    /// <param name="commit">Takes each decision; when it returns, the decision is written down and in force.</param>
    /// <exception cref="CimException">The call is refused with an HRESULT.</exception>
    CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit);
}
