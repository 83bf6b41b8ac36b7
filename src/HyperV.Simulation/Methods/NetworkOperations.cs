using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>ModifyResourceSettings: only the connections of network adapters can be changed, one in a call.</summary>
internal static class NetworkOperations
{
    private const string Argument = "ResourceSettings";

    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfService<VirtualSystemManagementService>(
            new CimMethod(
                "ModifyResourceSettings",
                [
                    new(Argument, CimType.String, IsArray: true), new("ResultingResourceSettings", CimType.Reference, IsArray: true, IsOutput: true),
                    new("Job", CimType.Reference, IsOutput: true),
                ]),
            Argument,
            Modify) with
        {
            Find = (world, texts) => FindAdapter(world, texts, out _, out _)?.Machine,
        },
    ];

    private static OperationDecision Modify(OperationCall call)
    {
        if (FindAdapter(call.World, call.Inputs.GetValueOrDefault(Argument), out var connection, out var refusal) is not { } adapter)
        {
            return refusal!;
        }

        if (connection!.GetInteger("EnabledState") is 3)
        {
            return Start(call, new AdapterChange(adapter.Index, Switch: null));
        }

        var switches = call.World.Description.Switches.Where(name => string.Equals(
            new SwitchClass().PathOf(call.World, new VirtualSwitch(name)).Keys["Name"] as string, SwitchIdOf(connection), StringComparison.OrdinalIgnoreCase)).ToList();
        return switches is [var found]
            ? Start(call, new AdapterChange(adapter.Index, found))
            : OperationDecision.Refuse(ReturnCode.InvalidParameter, "HostResource is not a switch of this host");
    }

    private static OperationDecision Start(OperationCall call, AdapterChange change)
        => OperationDecision.Start(JobType.ModifyVirtualMachine, OperationPlans.Timed(call.Machine, 1, new MachineChange { Adapter = change }));

    private static string? SwitchIdOf(CimInstance connection)
        => connection["HostResource"] is string?[] { Length: > 0 } resources && resources[0] is { } resource && CimObjectPath.TryParse(resource, out var path) ? path.Keys.GetValueOrDefault("Name") as string : null;

    private static Adapter? FindAdapter(HostWorld world, object? texts, out CimInstance? connection, out OperationDecision? refusal)
    {
        connection = null;
        refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, "ResourceSettings is not one connection of a network adapter of this host");
        if (texts is not string?[] { Length: 1 } given || EmbeddedArgument.Read(given[0], text => CimXmlText.Read(text), out _) is not { } read)
        {
            return null;
        }

        connection = read;
        var id = read.GetString("InstanceID");
        return world.VirtualMachines.SelectMany(ConnectionClass.Of)
            .FirstOrDefault(one => string.Equals(AdapterClass.InstanceIdOf(one.Adapter) + @"\C", id, StringComparison.OrdinalIgnoreCase))?.Adapter;
    }
}
