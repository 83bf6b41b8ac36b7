using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_VirtualSystemSettingData as ordinary checkpoints.</summary>
internal sealed class CheckpointClass : SimulatedClassOf<Checkpoint>
{
    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => SystemSettingsClass.AncestorNames;

    public static IEnumerable<Checkpoint> Of(VirtualMachine machine)
        => machine.Description.Checkpoints.Select((name, index) => new Checkpoint(machine, index, name));

    protected override IEnumerable<Checkpoint> Objects(HostWorld world) => world.VirtualMachines.SelectMany(Of);

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, Checkpoint item)
    {
        var id = SeededGuid.Create(world.Seed, "checkpoint", CimText.Guid(item.Machine.Id), item.Index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [new("InstanceID", "Microsoft:" + CimText.Guid(id))];
    }

    protected override void Fill(HostWorld world, Checkpoint item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Checkpoint Settings";
        properties["ElementName"] = item.Name;
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:Snapshot:Realized";
        properties["CreationTime"] = item.Machine.Began - TimeSpan.FromDays(1);
        properties["Parent"] = null;
        properties["Notes"] = new[] { string.Empty };
    }
}
