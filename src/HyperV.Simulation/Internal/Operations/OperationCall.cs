using System.Globalization;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>One call of an operation.</summary>
/// <param name="World">The host as it is now.</param>
/// <param name="Model">Paths and objects.</param>
/// <param name="Machine">The machine it is about.</param>
/// <param name="Inputs">The arguments.</param>
internal sealed record OperationCall(HostWorld World, ObjectModel Model, VirtualMachine Machine, IReadOnlyDictionary<string, object?> Inputs)
{
    /// <summary>An integer argument; null where it is missing or none.</summary>
    public long? Number(string name) => Inputs.GetValueOrDefault(name) is byte or sbyte or short or ushort or int or uint or long
        ? Convert.ToInt64(Inputs[name], CultureInfo.InvariantCulture)
        : null;
}
