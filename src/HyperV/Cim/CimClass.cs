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
