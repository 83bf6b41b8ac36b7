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
    /// <param name="path">The instance's path, or null for one that is only embedded in a call.</param>
    /// <param name="className">The most derived class.</param>
    /// <param name="properties">All known properties; a missing name reads as null.</param>
    public CimInstance(CimObjectPath? path, string className, IEnumerable<KeyValuePair<string, object?>> properties)
        : this(new Dictionary<string, object?>(properties, StringComparer.OrdinalIgnoreCase), path, className)
    {
    }

    private CimInstance(Dictionary<string, object?> properties, CimObjectPath? path, string className)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        Path = path;
        ClassName = className;
        _properties = properties;
    }

    /// <summary>Creates an instance from properties that are handed over to it instead of being copied.</summary>
    /// <param name="path">The instance's path, or null for one that is only embedded in a call.</param>
    /// <param name="className">The most derived class.</param>
    /// <param name="properties">All known properties. The dictionary must not be changed afterwards; its names compare by <see cref="StringComparer.OrdinalIgnoreCase"/>.</param>
    /// <exception cref="ArgumentException">The names compare in another way.</exception>
    public static CimInstance Owning(CimObjectPath? path, string className, Dictionary<string, object?> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return ReferenceEquals(properties.Comparer, StringComparer.OrdinalIgnoreCase)
            ? new CimInstance(properties, path, className)
            : throw new ArgumentException($"The property names of a {className} must compare without case.", nameof(properties));
    }

    /// <summary>The instance's path; null for one that is only embedded in a call.</summary>
    public CimObjectPath? Path { get; }

    /// <summary>The most derived class of the instance.</summary>
    public string ClassName { get; }

    /// <summary>All known properties.</summary>
    public IReadOnlyDictionary<string, object?> Properties => _properties;

    /// <summary>The value of a property, or null when it is null or unknown.</summary>
    public object? this[string property] => _properties.GetValueOrDefault(property);

    /// <summary>A string property; null when absent.</summary>
    /// <exception cref="CimDataException">The property is not a string.</exception>
    public string? GetString(string property) => Get<string>(property, "a string");

    /// <summary>An integer property of any CIM width; null when absent.</summary>
    /// <exception cref="CimDataException">The property is not an integer, or larger than 9,223,372,036,854,775,807.</exception>
    public long? GetInteger(string property) => this[property] switch
    {
        null => null,
        ulong large when large > long.MaxValue => throw new CimDataException(ClassName, property, $"{large} is larger than can be represented"),
        byte or sbyte or short or ushort or int or uint or long or ulong
            => Convert.ToInt64(this[property], System.Globalization.CultureInfo.InvariantCulture),
        var other => throw WrongType(property, other, "an integer"),
    };

    /// <summary>A boolean property; null when absent.</summary>
    /// <exception cref="CimDataException">The property is not a boolean.</exception>
    public bool? GetBoolean(string property) => this[property] switch
    {
        null => null,
        bool flag => flag,
        var other => throw WrongType(property, other, "a boolean"),
    };

    /// <summary>
    /// A point in time; null when absent, and for the two values that hosts write for "never": the year 1601 (FILETIME 0) and a
    /// zero interval.
    /// </summary>
    /// <exception cref="CimDataException">The property is not a point in time.</exception>
    public DateTimeOffset? GetDateTime(string property) => this[property] switch
    {
        null => null,
        DateTimeOffset time => time.UtcDateTime.Year <= 1601 ? null : time,
        TimeSpan interval when interval == TimeSpan.Zero => null,
        var other => throw WrongType(property, other, "a point in time"),
    };

    /// <summary>An interval; null when absent.</summary>
    /// <exception cref="CimDataException">The property is not an interval.</exception>
    public TimeSpan? GetInterval(string property) => this[property] switch
    {
        null => null,
        TimeSpan interval => interval,
        var other => throw WrongType(property, other, "an interval"),
    };

    private T? Get<T>(string property, string expected)
        where T : class => this[property] switch
        {
            null => null,
            T value => value,
            var other => throw WrongType(property, other, expected),
        };

    private CimDataException WrongType(string property, object value, string expected)
        => new(ClassName, property, $"it is a {value.GetType().Name}, expected {expected}");
}
