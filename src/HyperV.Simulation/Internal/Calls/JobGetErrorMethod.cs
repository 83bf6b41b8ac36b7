using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Msvm_ConcreteJob.GetError: one embedded error, null when there is none.</summary>
internal sealed class JobGetErrorMethod : ISimulatedMethod
{
    public string Name => "GetError";

    public bool IsOf(object target) => target is Job;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With(0, "Error", JobErrorText.Of(world, (Job)target));
}
