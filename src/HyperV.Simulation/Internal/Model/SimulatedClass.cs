using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>One CIM class as far as one kind of object fills it: where its instances come from and how they look.</summary>
internal abstract class SimulatedClass
{
    /// <summary>The class's name.</summary>
    public abstract string Name { get; }

    /// <summary>The classes it derives from, as far as clients ask for them.</summary>
    public abstract IReadOnlyList<string> Ancestors { get; }

    /// <summary>Whether a class name means this class or one it derives from.</summary>
    public bool Is(string className)
        => Named(Name, className) || Ancestors.Any(ancestor => Named(ancestor, className));

    /// <summary>Whether an object belongs to this class.</summary>
    public abstract bool Holds(object item);

    /// <summary>All objects of the class.</summary>
    public abstract IEnumerable<object> List(HostWorld world);

    /// <summary>Whether an object may satisfy the filters by its keys; the other properties are not looked at.</summary>
    public abstract bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters);

    /// <summary>The object whose keys a path names, or null.</summary>
    public abstract object? Find(HostWorld world, CimObjectPath path);

    /// <summary>The path of an object.</summary>
    public abstract CimObjectPath PathOf(HostWorld world, object item);

    /// <summary>The instance that stands for an object.</summary>
    public abstract CimInstance Describe(HostWorld world, object item);

    private static bool Named(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
