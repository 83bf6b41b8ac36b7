namespace HostAgent.HyperV.Cim;

/// <summary>
/// The known property declarations of a class. Used to write null properties with their type and to detect values of the
/// wrong type.
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

    /// <summary>The declaration of a property, or null when the class is not known to declare it.</summary>
    public CimProperty? Find(string property) => _properties.GetValueOrDefault(property);
}

/// <summary>The declaration of one property.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Type">Its type, or the type of its elements.</param>
/// <param name="IsArray">Whether it is an array.</param>
public sealed record CimProperty(string Name, CimType Type, bool IsArray = false);

/// <summary>The declaration of one method. The return value is always a uint32 and is not listed.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">Its parameters, in declaration order.</param>
public sealed record CimMethod(string Name, IReadOnlyList<CimParameter> Parameters)
{
    /// <summary>The input parameters.</summary>
    public IEnumerable<CimParameter> Inputs => Parameters.Where(parameter => !parameter.IsOutput);

    /// <summary>The output parameters, without the return value.</summary>
    public IEnumerable<CimParameter> Outputs => Parameters.Where(parameter => parameter.IsOutput);

    /// <summary>The declaration of an input, or null when the method has no input of that name. Case does not matter.</summary>
    public CimParameter? FindInput(string name)
        => Inputs.FirstOrDefault(parameter => string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The declaration of one method parameter.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">Its type, or the type of its elements. Embedded instances are declared as text.</param>
/// <param name="IsArray">Whether it is an array.</param>
/// <param name="IsOutput">Whether it is an output; otherwise it is an input.</param>
public sealed record CimParameter(string Name, CimType Type, bool IsArray = false, bool IsOutput = false);
