using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_VirtualSystemSettingData as a virtual machine's own settings.</summary>
internal sealed class SystemSettingsClass : SimulatedClassOf<SystemSettings>
{
    public static IReadOnlyList<string> AncestorNames { get; } = ["CIM_VirtualSystemSettingData", "CIM_SettingData"];

    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => AncestorNames;

    protected override IEnumerable<SystemSettings> Objects(HostWorld world) => world.VirtualMachines.Select(machine => new SystemSettings(machine));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SystemSettings item)
        => [new("InstanceID", "Microsoft:" + CimText.Guid(item.Machine.Id))];

    protected override void Fill(HostWorld world, SystemSettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Active settings for the virtual machine.";
        properties["ElementName"] = item.Machine.Name;
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:System:Realized";
        properties["CreationTime"] = item.Machine.Began - TimeSpan.FromDays(90);
        properties["Parent"] = null;
        properties["Notes"] = new[] { string.Empty };
        properties["AutomaticStartupAction"] = (ushort)2;
        properties["AutomaticShutdownAction"] = (ushort)4;
    }
}
