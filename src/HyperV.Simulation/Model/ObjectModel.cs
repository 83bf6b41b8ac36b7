using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Model;

/// <summary>One of the host's CIM namespaces: resolves paths, builds instances, lists classes, follows associations.</summary>
internal sealed class ObjectModel(string @namespace, params SimulatedClass[] classes)
{
    private const string AnyAssociation = "";

    private readonly SimulatedClass[] _classes = classes;
    private readonly Dictionary<string, SimulatedClass[]> _byName = ByName(classes);

    /// <summary>Hyper-V's own namespace on a platform.</summary>
    public ObjectModel(HostPlatform platform)
        : this(HyperVClasses.Namespace, Array.FindAll(HyperVOwn(), one => PlatformRules.Has(platform, one.Name)))
    {
    }

    public string Namespace => @namespace;

    /// <summary>The object at a path, or null.</summary>
    /// <exception cref="CimException">The path refers to another host or namespace, or to a class that does not exist.</exception>
    public object? Resolve(HostWorld world, CimObjectPath path)
    {
        RequireThisHost(world, path);
        return RequireClasses(path.ClassName).Select(candidate => candidate.Find(world, path)).FirstOrDefault(found => found is not null);
    }

    public CimInstance Describe(HostWorld world, object item) => ClassOf(item).Describe(world, item);

    public CimObjectPath PathOf(HostWorld world, object item) => ClassOf(item).PathOf(world, item);

    public IReadOnlyList<CimInstance> List(HostWorld world, string className, IReadOnlyList<CimFilter> filters)
        => [.. RequireClasses(className)
            .SelectMany(candidate => candidate.List(world, filters)
                // Building an instance is expensive: skip objects whose keys cannot match. A host can have hundreds of machines.
                .Where(item => candidate.KeysAllow(world, item, filters))
                .Select(item => candidate.Describe(world, item)))
            .Where(instance => filters.All(filter => FilterRule.Holds(filter, filter.ValueIn(instance))))];

    /// <exception cref="CimException">The source or a class does not exist.</exception>
    public IReadOnlyList<CimInstance> ListAssociators(HostWorld world, CimObjectPath source, string associationClass, string resultClass)
    {
        var item = Resolve(world, source) ?? throw new CimException(CimErrorCode.NotFound, $"There is no object at {source}.");
        var results = RequireClasses(resultClass);
        return [.. RequireAssociations(world, associationClass)
            .SelectMany(association => association.Related(world, item))
            .Where(related => results.Any(result => result.Holds(related)))
            .Select(related => Describe(world, related))];
    }

    private static SimulatedClass[] HyperVOwn()
    => [
        new HostSystemClass(), new VirtualMachineClass(), new RelationshipClass(), new RelationshipSettingsClass(),
        new SystemSettingsClass(), new RecoveryPointClass(), new CheckpointClass(), new JobClass(HyperVClasses.ConcreteJob), new ReplicationServiceClass(),
        new ReplicationServiceSettingsClass(), new AuthorizationEntryClass(), new ReplicationProviderClass(), new VirtualSystemManagementServiceClass(),
        new FailoverNetworkAdapterClass(), new ShutdownComponentClass(), new HeartbeatComponentClass(), new DataExchangeComponentClass(), new HardDiskClass(), new ImageManagementServiceClass(),
        new SecuritySettingsClass(), new MemorySettingsClass(), new MountedImageClass(), new SwitchClass(), new SwitchPortClass(), new SwitchPortSettingsClass(), new AdapterClass(), new ConnectionClass(), new VlanClass(), new GuestAdapterClass(),
        new CapabilitiesClass(), new SupportedVersionClass(), new ManagementSettingsClass(),
        new EmptyClass("Msvm_EmulatedEthernetPortSettingData"), new EmptyClass("Msvm_GpuPartitionSettingData"), new EmptyClass("Msvm_PciExpressSettingData"),
        new EmptyClass("Msvm_SyntheticFcPortSettingData"), new EmptyClass("Msvm_ResourceAllocationSettingData"), new EmptyClass("Msvm_KvpExchangeComponent"),
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

    private SimulatedClass ClassOf(object item)
    {
        foreach (var candidate in _classes)
        {
            if (candidate.Holds(item))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"No class describes a {item.GetType().Name}.");
    }

    private SimulatedClass[] RequireClasses(string name)
        => _byName.TryGetValue(name, out var found) ? found : throw new CimException(CimErrorCode.InvalidClass, $"The class {name} does not exist.");

    // A name means the class that has it and every one below it.
    private static Dictionary<string, SimulatedClass[]> ByName(SimulatedClass[] classes)
        => classes.SelectMany(one => one.Ancestors.Append(one.Name).Distinct(StringComparer.OrdinalIgnoreCase), (one, name) => (Name: name, Class: one))
            .GroupBy(named => named.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Select(named => named.Class).ToArray(), StringComparer.OrdinalIgnoreCase);
}

/// <summary>The host's own row of Msvm_ComputerSystem.</summary>
internal sealed record HostSystem;

/// <summary>The one Msvm_ReplicationService.</summary>
internal sealed record ReplicationService;

/// <summary>The one Msvm_ReplicationServiceSettingData.</summary>
internal sealed record ReplicationServiceSettings;

/// <summary>A replication provider of the host.</summary>
/// <param name="Id">Its class identifier.</param>
/// <param name="InBox">Whether it is Hyper-V's own.</param>
internal sealed record ReplicationProvider(Guid Id, bool InBox);

/// <summary>A virtual machine's own settings.</summary>
internal sealed record SystemSettings(VirtualMachine Machine);

/// <summary>An ordinary checkpoint of a virtual machine.</summary>
internal sealed record Checkpoint(VirtualMachine Machine, int Index, string Name);

/// <summary>A virtual hard disk of a virtual machine.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Index">Its position on the controller, from 0.</param>
internal sealed record HardDisk(VirtualMachine Machine, int Index);

/// <summary>The one Msvm_ImageManagementService.</summary>
internal sealed record ImageManagementService;

/// <summary>One network adapter's settings after a failover.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Index">Its index among the machine's adapters.</param>
/// <param name="Text">The settings as an embedded instance; empty while nothing was set.</param>
internal sealed record FailoverNetworkAdapter(VirtualMachine Machine, int Index, string Text);

/// <summary>An integration service of a machine's guest.</summary>
internal abstract record GuestService(VirtualMachine Machine);

/// <summary>The one that shuts the guest down.</summary>
internal sealed record ShutdownComponent(VirtualMachine Machine) : GuestService(Machine);

/// <summary>The one that tells whether the guest answers.</summary>
internal sealed record HeartbeatComponent(VirtualMachine Machine) : GuestService(Machine);

/// <summary>The one that exchanges values with the guest.</summary>
internal sealed record DataExchangeComponent(VirtualMachine Machine) : GuestService(Machine);

/// <summary>The one Msvm_VirtualSystemManagementService.</summary>
internal sealed record VirtualSystemManagementService;

/// <summary>One replication relationship: 0 is the primary one, 1 the extended one.</summary>
internal sealed record Relationship(VirtualMachine Machine, int Index)
{
    /// <summary>The key of the relationship and of its settings.</summary>
    public string InstanceId => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $@"Microsoft:{CimText.Guid(Machine.Id)}\HVR\{Index}");

    /// <summary>The key of the settings: Windows Server 2012 has one relationship per machine and no number.</summary>
    public string SettingsId(HostPlatform platform) => platform > HostPlatform.WindowsServer2012 ? InstanceId : InstanceId[..^2];
}

/// <summary>The settings of a relationship.</summary>
internal sealed record RelationshipSettings(Relationship Relationship);

/// <summary>Filter comparison: text ignoring case, as in WQL; numbers by value.</summary>
internal static class FilterRule
{
    public static bool Holds(CimFilter filter, object? value) => (value, filter.Value) switch
    {
        (string actual, string wanted) => string.Equals(actual, wanted, StringComparison.OrdinalIgnoreCase),
        (bool actual, bool wanted) => actual == wanted,
        (IConvertible actual and not (string or bool), IConvertible wanted and not (string or bool))
            => Convert.ToDecimal(actual, CultureInfo.InvariantCulture) == Convert.ToDecimal(wanted, CultureInfo.InvariantCulture),
        _ => false,
    };
}
