using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_VirtualSystemSettingData as a virtual machine's own settings.</summary>
internal sealed class SystemSettingsClass : SimulatedClassOf<SystemSettings>
{
    private const string InstancePrefix = "Microsoft:";

    public static IReadOnlyList<string> AncestorNames { get; } = ["CIM_VirtualSystemSettingData", "CIM_SettingData"];

    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => AncestorNames;

    public override object? Find(HostWorld world, CimObjectPath path)
        => path.Keys.GetValueOrDefault("InstanceID") is string instance
            && instance.StartsWith(InstancePrefix, StringComparison.OrdinalIgnoreCase)
            && Guid.TryParseExact(instance.AsSpan(InstancePrefix.Length), "D", out var id)
            && world.FindVirtualMachine(id) is { } machine && Matches(Keys(world, new SystemSettings(machine)), path)
                ? new SystemSettings(machine)
                : null;

    protected override IEnumerable<SystemSettings> Objects(HostWorld world) => world.VirtualMachines.Select(machine => new SystemSettings(machine));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, SystemSettings item)
        => [new("InstanceID", InstancePrefix + CimText.Guid(item.Machine.Id))];

    protected override string NameOf(SystemSettings item) => item.Machine.Name;

    protected override void Fill(HostWorld world, SystemSettings item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Active settings for the virtual machine.";
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = "Microsoft:Hyper-V:System:Realized";
        properties["CreationTime"] = item.Machine.Began - TimeSpan.FromDays(90);
        properties["Parent"] = null;
        properties["Notes"] = new[] { string.Empty };
        properties["AutomaticStartupAction"] = (ushort)2;
        properties["AutomaticShutdownAction"] = (ushort)4;
    }
}
