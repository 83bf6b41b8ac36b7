using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>One CIM class for one kind of object: the source and the content of its instances.</summary>
internal abstract class SimulatedClass
{
    public abstract string Name { get; }

    /// <summary>The base classes that clients query.</summary>
    public abstract IReadOnlyList<string> Ancestors { get; }

    /// <summary>Whether an object belongs to this class.</summary>
    public abstract bool Holds(object item);

    /// <summary>The objects among which those are that match the filters: all of them, or fewer where a filter tells which without a look at the others.</summary>
    public abstract IEnumerable<object> List(HostWorld world, IReadOnlyList<CimFilter> filters);

    /// <summary>Whether an object's keys can match the filters; other properties are not checked.</summary>
    public abstract bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters);

    /// <summary>The object with the keys in a path, or null.</summary>
    public abstract object? Find(HostWorld world, CimObjectPath path);

    public abstract CimObjectPath PathOf(HostWorld world, object item);

    /// <summary>The CIM instance of an object.</summary>
    public abstract CimInstance Describe(HostWorld world, object item);
}

/// <summary>A class for objects of one type.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
internal abstract class SimulatedClassOf<T> : SimulatedClass
    where T : class
{
    /// <summary>The property with the display name.</summary>
    protected const string ElementName = "ElementName";

    // As many properties as the instance before had.
    private int _properties;

    /// <summary>The namespace of the class.</summary>
    protected virtual string Namespace => HyperVClasses.Namespace;

    public override bool Holds(object item) => item is T;

    public sealed override IEnumerable<object> List(HostWorld world, IReadOnlyList<CimFilter> filters) => Candidates(world, filters) ?? Objects(world);

    public override object? Find(HostWorld world, CimObjectPath path)
        => Objects(world).FirstOrDefault(item => Matches(Keys(world, item), path));

    public sealed override bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters)
    {
        // The name first: it is cheap, and clients look up one of a host's hundreds of machines by name. This runs for each of them.
        var name = NameOf((T)item);
        for (var index = 0; name is not null && index < filters.Count; index++)
        {
            if (IsOf(filters[index], ElementName) && !FilterRule.Holds(filters[index], name))
            {
                return false;
            }
        }

        return filters.Count == 0 || Keys(world, (T)item).All(key => filters.All(filter => !IsOf(filter, key.Key) || FilterRule.Holds(filter, key.Value)));
    }

    public sealed override CimObjectPath PathOf(HostWorld world, object item) => PathOf(world, Keys(world, (T)item));

    public sealed override CimInstance Describe(HostWorld world, object item)
    {
        var properties = new Dictionary<string, object?>(_properties, StringComparer.OrdinalIgnoreCase);
        var keys = Keys(world, (T)item);
        foreach (var (name, value) in keys)
        {
            properties[name] = value;
        }

        if (NameOf((T)item) is { } elementName)
        {
            properties[ElementName] = elementName;
        }

        Fill(world, (T)item, properties);
        HostLanguage.Put(world, TextsForPeople, properties);
        _properties = properties.Count;
        return CimInstance.Owning(PathOf(world, keys), Name, properties);
    }

    /// <summary>The properties with text in the host's language.</summary>
    protected virtual IReadOnlyList<string> TextsForPeople { get; } = ["Caption", "Description", "StatusDescriptions"];

    protected abstract IEnumerable<T> Objects(HostWorld world);

    /// <summary>The objects among which those are that match the filters, in the order of <see cref="Objects"/>; null when only a look at each of them tells.</summary>
    protected virtual IEnumerable<T>? Candidates(HostWorld world, IReadOnlyList<CimFilter> filters) => null;

    protected abstract IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, T item);

    /// <summary>Its ElementName if that is available without building the instance; null leaves the property to <see cref="Fill"/>.</summary>
    protected virtual string? NameOf(T item) => null;

    protected abstract void Fill(HostWorld world, T item, Dictionary<string, object?> properties);

    /// <summary>Sets the CIM_ManagedSystemElement properties of a healthy element.</summary>
    protected static void FillHealthy(Dictionary<string, object?> properties)
    {
        properties["Status"] = "OK";
        properties["HealthState"] = (ushort)5;
        properties["OperationalStatus"] = new ushort[] { 2 };
        properties["StatusDescriptions"] = new[] { "OK" };
    }

    /// <summary>Whether a path has exactly these keys. String keys are compared ignoring case, as in WMI.</summary>
    protected static bool Matches(IReadOnlyList<KeyValuePair<string, object>> keys, CimObjectPath path)
        => path.Keys.Count == keys.Count && keys.All(key => path.Keys.TryGetValue(key.Key, out var value)
            && string.Equals(value as string, key.Value as string, StringComparison.OrdinalIgnoreCase));

    /// <summary>The text that a filter wants of a property; null when none wants a text of it.</summary>
    protected static string? Wanted(IReadOnlyList<CimFilter> filters, string property)
    {
        for (var index = 0; index < filters.Count; index++)
        {
            if (IsOf(filters[index], property) && filters[index].Value is string text)
            {
                return text;
            }
        }

        return null;
    }

    private CimObjectPath PathOf(HostWorld world, IReadOnlyList<KeyValuePair<string, object>> keys) => new(Name, keys, Namespace, world.Description.Name);

    private static bool IsOf(CimFilter filter, string property) => string.Equals(filter.Property, property, StringComparison.OrdinalIgnoreCase);
}
