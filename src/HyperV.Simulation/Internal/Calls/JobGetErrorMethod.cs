using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Msvm_ConcreteJob.GetError and GetErrorEx: embedded errors, null when there is none.</summary>
/// <param name="name">The method.</param>
/// <param name="output">Its output parameter.</param>
/// <param name="shape">Makes the output of the error's text: the text itself or an array of it.</param>
internal sealed class JobGetErrorMethod(string name, string output, Func<string, object> shape) : ISimulatedMethod
{
    public static IReadOnlyList<ISimulatedMethod> Both { get; } =
    [
        new JobGetErrorMethod("GetError", "Error", text => text), new JobGetErrorMethod("GetErrorEx", "Errors", text => new[] { text }),
    ];

    public CimMethod Declaration { get; } = new(name, [new(output, CimType.String, IsArray: name == "GetErrorEx", IsOutput: true)]);

    public bool IsOf(object target) => target is Job;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
        => MethodResults.With(0, output, JobErrorText.Of(world, (Job)target) is { } text ? shape(text) : null);
}
