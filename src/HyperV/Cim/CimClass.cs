namespace HostAgent.HyperV.Cim;

/// <summary>
/// The declared properties of a class, as far as they are known. It gives null properties their type in text, and says which
/// value has the wrong one.
/// </summary>
public sealed class CimClass
{
    private readonly Dictionary<string, CimProperty> _properties;

    /// <summary>Creates a class declaration.</summary>
    /// <param name="name">The class.</param>
    /// <param name="properties">Its properties, inherited ones included.</param>
    public CimClass(string name, IEnumerable<CimProperty> properties)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _properties = properties.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The class.</summary>
    public string Name { get; }

    /// <summary>The declared properties.</summary>
    public IReadOnlyCollection<CimProperty> Properties => _properties.Values;

    /// <summary>The declaration of a property, or null when the class is not known to have it.</summary>
    public CimProperty? Find(string property) => _properties.GetValueOrDefault(property);
}

/// <summary>How a class declares one property.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Type">Its type, or the type of its elements.</param>
/// <param name="IsArray">Whether it is an array.</param>
public sealed record CimProperty(string Name, CimType Type, bool IsArray = false);

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

/// <summary>How a method declares one parameter.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">Its type, or the type of its elements. Embedded instances are declared as text.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="IsOutput">Whether the method answers with it; otherwise it is an argument.</param>
public sealed record CimParameter(string Name, CimType Type, bool IsArray = false, bool IsOutput = false);
