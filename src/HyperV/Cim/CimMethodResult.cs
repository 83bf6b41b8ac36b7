namespace HostAgent.HyperV.Cim;

/// <summary>What a method answered.</summary>
/// <param name="ReturnValue">The method's own return code; its meaning belongs to the method.</param>
/// <param name="Outputs">The output parameters by name. References are <see cref="CimObjectPath"/>.</param>
public sealed record CimMethodResult(uint ReturnValue, IReadOnlyDictionary<string, object?> Outputs);
