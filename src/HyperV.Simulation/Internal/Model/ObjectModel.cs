using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>One of the host's CIM namespaces: paths to objects, objects to instances, classes to lists, associations.</summary>
internal sealed class ObjectModel(string @namespace, params SimulatedClass[] classes)
{
    private const string AnyAssociation = "";

    private readonly SimulatedClass[] _classes = classes;

    /// <summary>Hyper-V's own namespace, as a platform has it.</summary>
    public ObjectModel(HostPlatform platform)
        : this(HyperVClasses.Namespace, Array.FindAll(HyperVOwn(), one => PlatformRules.Has(platform, one.Name)))
    {
    }

    public string Namespace => @namespace;

    /// <summary>The object a path names, or null.</summary>
    /// <exception cref="CimException">The path leads to another host or namespace, or its class does not exist.</exception>
    public object? Resolve(HostWorld world, CimObjectPath path)
    {
        RequireThisHost(world, path);
        return RequireClasses(path.ClassName).Select(candidate => candidate.Find(world, path)).FirstOrDefault(found => found is not null);
    }

    public CimInstance Describe(HostWorld world, object item) => ClassOf(item).Describe(world, item);

    public CimObjectPath PathOf(HostWorld world, object item) => ClassOf(item).PathOf(world, item);

    public IReadOnlyList<CimInstance> List(HostWorld world, string className, IReadOnlyList<CimFilter> filters)
        => [.. RequireClasses(className)
            .SelectMany(candidate => candidate.List(world)
                // An instance is dear: what its keys rule out is not described. A host with hundreds of machines is asked for one at a time.
                .Where(item => candidate.KeysAllow(world, item, filters))
                .Select(item => candidate.Describe(world, item)))
            .Where(instance => filters.All(filter => FilterRule.Holds(filter, filter.ValueIn(instance))))];

    /// <exception cref="CimException">The source is not there, or a class does not exist.</exception>
    public IReadOnlyList<CimInstance> ListAssociators(HostWorld world, CimObjectPath source, string associationClass, string resultClass)
    {
        var item = Resolve(world, source) ?? throw new CimException(CimErrorCode.NotFound, $"Nothing stands at {source}.");
        var results = RequireClasses(resultClass);
        return [.. RequireAssociations(world, associationClass)
            .SelectMany(association => association.Related(world, item))
            .Where(related => results.Any(result => result.Holds(related)))
            .Select(related => Describe(world, related))];
    }

    private static SimulatedClass[] HyperVOwn() =>
    [
        new HostSystemClass(), new VirtualMachineClass(), new RelationshipClass(), new RelationshipSettingsClass(),
        new SystemSettingsClass(), new RecoveryPointClass(), new CheckpointClass(), new JobClass(HyperVClasses.ConcreteJob), new ReplicationServiceClass(),
        new ReplicationServiceSettingsClass(), new AuthorizationEntryClass(), new ReplicationProviderClass(), new VirtualSystemManagementServiceClass(),
        new FailoverNetworkAdapterClass(), new ShutdownComponentClass(), new HardDiskClass(), new ImageManagementServiceClass(),
        new JobClass("Msvm_MigrationJob"), new JobClass("Msvm_StorageJob"),
    ];

    private static List<Association> RequireAssociations(HostWorld world, string name)
    {
        var found = Associations.All
            .Where(association => PlatformRules.Has(world.Description.Platform, association.Name))
            .Where(association => name == AnyAssociation || string.Equals(association.Name, name, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return found.Count > 0 ? found : throw new CimException(CimErrorCode.InvalidClass, $"The association class {name} does not exist.");
    }

    private void RequireThisHost(HostWorld world, CimObjectPath path)
    {
        if (path.Namespace is { } space && !string.Equals(space, @namespace, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimErrorCode.InvalidNamespace, $"The namespace {space} does not exist on {world.Description.Name}.");
        }

        if (path.Server is { } server and not "." && !string.Equals(server, world.Description.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimErrorCode.RpcServerUnavailable, $"{world.Description.Name} cannot reach {server}.");
        }
    }

    private SimulatedClass ClassOf(object item) => Array.Find(_classes, candidate => candidate.Holds(item))
        ?? throw new InvalidOperationException($"No class describes a {item.GetType().Name}.");

    private SimulatedClass[] RequireClasses(string name)
    {
        var found = Array.FindAll(_classes, candidate => candidate.Is(name));
        return found.Length > 0 ? found : throw new CimException(CimErrorCode.InvalidClass, $"The class {name} does not exist.");
    }
}
