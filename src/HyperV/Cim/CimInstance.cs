namespace HostAgent.HyperV.Cim;

/// <summary>
/// An immutable copy of one CIM instance. Property names compare without case, as in CIM.
/// Values are null, strings, booleans, the integer types, <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/>,
/// <see cref="CimObjectPath"/>, <see cref="CimInstance"/> (embedded) or arrays of these.
/// </summary>
public sealed class CimInstance
{
    private readonly Dictionary<string, object?> _properties;

    /// <summary>Creates an instance from its class and properties.</summary>
    /// <param name="path">Where the instance lives, or null for one that is only embedded in a call.</param>
    /// <param name="className">The most derived class.</param>
    /// <param name="properties">All properties that are known; an absent name reads as null.</param>
    public CimInstance(CimObjectPath? path, string className, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        Path = path;
        ClassName = className;
        _properties = new Dictionary<string, object?>(properties, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Where the instance lives; null for one that is only embedded in a call.</summary>
    public CimObjectPath? Path { get; }

    /// <summary>The most derived class of the instance.</summary>
    public string ClassName { get; }

    /// <summary>All properties known.</summary>
    public IReadOnlyDictionary<string, object?> Properties => _properties;

    /// <summary>The value of a property, or null when it is null or unknown.</summary>
    public object? this[string property] => _properties.GetValueOrDefault(property);

    /// <summary>A string property; null when absent.</summary>
    /// <exception cref="InvalidCastException">The property is not a string.</exception>
    public string? GetString(string property) => (string?)this[property];

    /// <summary>An integer property of any CIM width; null when absent.</summary>
    /// <exception cref="InvalidCastException">The property is not a number.</exception>
    public long? GetInteger(string property) => this[property] switch
    {
        null => null,
        byte or sbyte or short or ushort or int or uint or long or ulong
            => Convert.ToInt64(this[property], System.Globalization.CultureInfo.InvariantCulture),
        var other => throw new InvalidCastException(
            $"Property {ClassName}.{property} is a {other.GetType().Name}, expected an integer."),
    };

    /// <summary>A boolean property; null when absent.</summary>
    /// <exception cref="InvalidCastException">The property is not a boolean.</exception>
    public bool? GetBoolean(string property) => (bool?)this[property];

    /// <summary>A point in time; null when absent.</summary>
    /// <exception cref="InvalidCastException">The property is not a datetime.</exception>
    public DateTimeOffset? GetDateTime(string property) => (DateTimeOffset?)this[property];
}
