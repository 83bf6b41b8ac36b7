using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Msvm_ConcreteJob.GetErrorEx: all embedded errors, null when there is none.</summary>
internal sealed class JobGetErrorExMethod : ISimulatedMethod
{
    public string Name => "GetErrorEx";

    public bool IsOf(object target) => target is Job;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With(0, "Errors", JobErrorText.Of(world, (Job)target) is { } text ? new[] { text } : null);
}
