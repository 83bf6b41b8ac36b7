using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>One CIM class as far as one kind of object fills it: where its instances come from and how they look.</summary>
internal abstract class SimulatedClass
{
    public abstract string Name { get; }

    /// <summary>The classes it derives from, as far as clients ask for them.</summary>
    public abstract IReadOnlyList<string> Ancestors { get; }

    /// <summary>Whether a class name means this class or one it derives from.</summary>
    public bool Is(string className)
        => Named(Name, className) || Ancestors.Any(ancestor => Named(ancestor, className));

    /// <summary>Whether an object belongs to this class.</summary>
    public abstract bool Holds(object item);

    public abstract IEnumerable<object> List(HostWorld world);

    /// <summary>Whether an object may satisfy the filters by its keys; the other properties are not looked at.</summary>
    public abstract bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters);

    /// <summary>The object whose keys a path names, or null.</summary>
    public abstract object? Find(HostWorld world, CimObjectPath path);

    public abstract CimObjectPath PathOf(HostWorld world, object item);

    /// <summary>The instance that stands for an object.</summary>
    public abstract CimInstance Describe(HostWorld world, object item);

    private static bool Named(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A class filled by objects of one type.</summary>
/// <typeparam name="T">The type of the objects.</typeparam>
internal abstract class SimulatedClassOf<T> : SimulatedClass
    where T : class
{
    private const string ElementName = "ElementName";

    /// <summary>The namespace that the class stands in.</summary>
    protected virtual string Namespace => HyperVClasses.Namespace;

    public override bool Holds(object item) => item is T;

    public sealed override IEnumerable<object> List(HostWorld world) => Objects(world);

    public override object? Find(HostWorld world, CimObjectPath path)
        => Objects(world).FirstOrDefault(item => Matches(Keys(world, item), path));

    public sealed override bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters)
    {
        if (filters.Count == 0)
        {
            return true;
        }

        // The name first: it costs nothing, and a host with hundreds of machines is asked for one of them by its name.
        if (NameOf((T)item) is { } name && !filters.Where(IsOfName).All(filter => FilterRule.Holds(filter, name)))
        {
            return false;
        }

        var keys = Keys(world, (T)item);
        return filters.All(filter => keys.All(key =>
            !string.Equals(key.Key, filter.Property, StringComparison.OrdinalIgnoreCase) || FilterRule.Holds(filter, key.Value)));
    }

    public sealed override CimObjectPath PathOf(HostWorld world, object item)
        => new(Name, Keys(world, (T)item), Namespace, world.Description.Name);

    public sealed override CimInstance Describe(HostWorld world, object item)
    {
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Keys(world, (T)item))
        {
            properties[name] = value;
        }

        if (NameOf((T)item) is { } elementName)
        {
            properties[ElementName] = elementName;
        }

        Fill(world, (T)item, properties);
        HostLanguage.Put(world, TextsForPeople, properties);
        return new CimInstance(PathOf(world, item), Name, properties);
    }

    /// <summary>The properties whose texts are in the host's language.</summary>
    protected virtual IReadOnlyList<string> TextsForPeople { get; } = ["Caption", "Description", "StatusDescriptions"];

    protected abstract IEnumerable<T> Objects(HostWorld world);

    protected abstract IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, T item);

    /// <summary>Its ElementName where that can be told without describing it; null leaves the property to <see cref="Fill"/>.</summary>
    protected virtual string? NameOf(T item) => null;

    protected abstract void Fill(HostWorld world, T item, Dictionary<string, object?> properties);

    /// <summary>What CIM_ManagedSystemElement says of an element that is well.</summary>
    protected static void FillHealthy(Dictionary<string, object?> properties)
    {
        properties["Status"] = "OK";
        properties["HealthState"] = (ushort)5;
        properties["OperationalStatus"] = new ushort[] { 2 };
        properties["StatusDescriptions"] = new[] { "OK" };
    }

    /// <summary>Whether a path has exactly these keys. String keys compare without case, as in WMI.</summary>
    protected static bool Matches(IReadOnlyList<KeyValuePair<string, object>> keys, CimObjectPath path)
        => path.Keys.Count == keys.Count && keys.All(key => path.Keys.TryGetValue(key.Key, out var value)
            && string.Equals(value as string, key.Value as string, StringComparison.OrdinalIgnoreCase));

    private static bool IsOfName(CimFilter filter) => string.Equals(filter.Property, ElementName, StringComparison.OrdinalIgnoreCase);
}
