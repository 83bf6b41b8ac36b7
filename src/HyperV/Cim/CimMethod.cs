namespace HostAgent.HyperV.Cim;

/// <summary>How a class declares one method. The return value is always a uint32 and not listed.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">Its parameters, in the order of the declaration.</param>
public sealed record CimMethod(string Name, IReadOnlyList<CimParameter> Parameters)
{
    /// <summary>The arguments.</summary>
    public IEnumerable<CimParameter> Inputs => Parameters.Where(parameter => !parameter.IsOutput);

    /// <summary>What it answers with, the return value apart.</summary>
    public IEnumerable<CimParameter> Outputs => Parameters.Where(parameter => parameter.IsOutput);

    /// <summary>The declaration of an argument, or null when the method has none of that name. Case does not matter.</summary>
    public CimParameter? FindInput(string name)
        => Inputs.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));
}
