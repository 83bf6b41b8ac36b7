using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>
/// ModifyResourceSettings, of a network adapter's connection and MAC address only; AddFeatureSettings and ModifyFeatureSettings, of a connection's VLAN in access
/// mode only. One in a call.
/// </summary>
internal static class NetworkOperations
{
    private const string Resources = "ResourceSettings";
    private const string Features = "FeatureSettings";
    private const string Connection = "AffectedConfiguration";
    private const long Access = 1;

    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        Operation("ModifyResourceSettings", Resources, [Texts(Resources)], ModifyResource) with { Find = (world, texts) => FindResource(world, texts, out _)?.Machine },
        Operation("AddFeatureSettings", Connection, [new CimParameter(Connection, CimType.Reference), Texts(Features)], AddFeature) with { Find = (world, path) => FindConnection(world, path)?.Machine },
        Operation("ModifyFeatureSettings", Features, [Texts(Features)], ModifyFeature) with { Find = (world, texts) => FindFeature(world, texts, out _)?.Machine },
    ];

    private static MachineOperation Operation(string name, string argument, IReadOnlyList<CimParameter> inputs, Func<OperationCall, OperationDecision> judge)
        => MachineOperation.OfService<VirtualSystemManagementService>(
            new CimMethod(name, [.. inputs, new($"Resulting{inputs[^1].Name}", CimType.Reference, IsArray: true, IsOutput: true), new("Job", CimType.Reference, IsOutput: true)]), argument, judge);

    private static CimParameter Texts(string name) => new(name, CimType.String, IsArray: true);

    private static OperationDecision ModifyResource(OperationCall call)
    {
        var adapter = FindResource(call.World, call.Inputs.GetValueOrDefault(Resources), out var given)!;
        return Same(given!.GetString("InstanceID"), AdapterClass.InstanceIdOf(adapter)) ? ChangeMac(call, adapter, given) : Connect(call, adapter, given);
    }

    private static OperationDecision ChangeMac(OperationCall call, Adapter adapter, CimInstance given)
    {
        var wanted = given.GetBoolean("StaticMacAddress") == true ? given.GetString("Address") ?? "" : null;
        return wanted is not null && AdapterMac.Read(wanted) is null ? OperationDecision.Refuse(ReturnCode.InvalidParameter, $"Address is '{wanted}', which is no MAC address of an adapter")
            : string.Equals(wanted, adapter.StaticMac, StringComparison.OrdinalIgnoreCase) || call.Machine.Power == EnabledState.Off
                ? Start(call, new MachineChange { AdapterMac = new AdapterMacChange(adapter.Index, AdapterMac.Read(wanted)) })
                : OperationDecision.InvalidState($"the machine is {call.Machine.Power}; a MAC address changes only while it is off");
    }

    private static OperationDecision Connect(OperationCall call, Adapter adapter, CimInstance connection)
    {
        if (connection.GetInteger("EnabledState") is 3)
        {
            return Start(call, new MachineChange { Adapter = new AdapterChange(adapter.Index, Switch: null) });
        }

        var switches = call.World.Description.Switches.Where(name => string.Equals(
            new SwitchClass().PathOf(call.World, new VirtualSwitch(name)).Keys["Name"] as string, SwitchIdOf(connection), StringComparison.OrdinalIgnoreCase)).ToList();
        return switches is [var found]
            ? Start(call, new MachineChange { Adapter = new AdapterChange(adapter.Index, found) })
            : OperationDecision.Refuse(ReturnCode.InvalidParameter, "HostResource is not a switch of this host");
    }

    private static OperationDecision AddFeature(OperationCall call)
    {
        var adapter = FindConnection(call.World, call.Inputs.GetValueOrDefault(Connection))!;
        return ReadVlan(call.Inputs.GetValueOrDefault(Features), out var refusal) is not { } vlan ? refusal ?? OperationDecision.Refuse(ReturnCode.InvalidParameter, "FeatureSettings is not one VLAN setting")
            : adapter.Vlan is null ? ChangeVlan(call, adapter, vlan)
            : OperationDecision.Refuse(ReturnCode.InvalidParameter, "the connection has a VLAN setting already");
    }

    private static OperationDecision ModifyFeature(OperationCall call)
        => FindFeature(call.World, call.Inputs.GetValueOrDefault(Features), out var vlan) is { } adapter ? ChangeVlan(call, adapter, vlan!)
            : OperationDecision.Refuse(ReturnCode.InvalidParameter, "FeatureSettings is not the VLAN setting of a connection");

    private static OperationDecision ChangeVlan(OperationCall call, Adapter adapter, CimInstance setting) => (setting.GetInteger("OperationMode"), setting.GetInteger("AccessVlanId")) switch
    {
        (Access, >= AdapterVlan.NoId and <= AdapterVlan.HighestId and var id) => Start(call, new MachineChange { AdapterVlan = new AdapterVlanChange(adapter.Index, (int)id) }),
        (Access, var id) => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"AccessVlanId is {id}; it must be 0 to {AdapterVlan.HighestId}"),
        (var mode, _) => OperationDecision.Refuse(ReturnCode.NotSupported, $"OperationMode is {mode}; only 1 (access) is simulated"),
    };

    private static OperationDecision Start(OperationCall call, MachineChange change)
        => OperationDecision.Start(JobType.ModifyVirtualMachine, OperationPlans.Timed(call.Machine, 1, change));

    private static string? SwitchIdOf(CimInstance connection)
        => connection["HostResource"] is string?[] { Length: > 0 } resources && resources[0] is { } resource && CimObjectPath.TryParse(resource, out var path) ? path.Keys.GetValueOrDefault("Name") as string : null;

    // The adapter whose own settings, or whose connection, the argument is.
    private static Adapter? FindResource(HostWorld world, object? texts, out CimInstance? given)
    {
        given = texts is string?[] { Length: 1 } one ? EmbeddedArgument.Read(one[0], text => CimXmlText.Read(text), out _) : null;
        return given?.GetString("InstanceID") is { } id
            ? FindAdapter(world, adapter => Same(AdapterClass.InstanceIdOf(adapter), id) || Same(ConnectionClass.InstanceIdOf(adapter), id))
            : null;
    }

    private static Adapter? FindConnection(HostWorld world, object? path)
        => (path as CimObjectPath ?? (path is string text && CimObjectPath.TryParse(text, out var parsed) ? parsed : null))?.Keys.GetValueOrDefault("InstanceID") is string id
            ? FindAdapter(world, adapter => Same(ConnectionClass.InstanceIdOf(adapter), id))
            : null;

    private static Adapter? FindFeature(HostWorld world, object? texts, out CimInstance? setting)
    {
        setting = ReadVlan(texts, out _);
        return setting?.GetString("InstanceID") is { } id ? FindAdapter(world, adapter => adapter.Vlan is not null && Same(VlanClass.InstanceIdOf(new ConnectionVlan(adapter)), id)) : null;
    }

    private static CimInstance? ReadVlan(object? texts, out OperationDecision? refusal)
    {
        refusal = null;
        return texts is string?[] { Length: 1 } given ? EmbeddedArgument.Read(given[0], VlanClass.Declaration, out refusal) : null;
    }

    private static Adapter? FindAdapter(HostWorld world, Func<Adapter, bool> matches) => world.VirtualMachines.SelectMany(AdapterClass.Of).FirstOrDefault(matches);

    private static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
