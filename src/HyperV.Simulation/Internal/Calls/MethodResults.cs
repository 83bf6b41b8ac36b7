using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Builds what methods answer.</summary>
internal static class MethodResults
{
    public static CimMethodResult Code(uint returnValue) => new(returnValue, new Dictionary<string, object?>());

    public static CimMethodResult With(uint returnValue, string output, object? value)
        => new(returnValue, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [output] = value });
}
