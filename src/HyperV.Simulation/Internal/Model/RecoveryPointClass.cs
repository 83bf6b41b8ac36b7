using System.Globalization;

using HostAgent.HyperV.Simulation.Internal.World;
using RecoveryPointType = HostAgent.HyperV.RecoveryPoints.RecoveryPointType;
using RecoveryPointTypes = HostAgent.HyperV.RecoveryPoints.RecoveryPointTypes;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>Msvm_VirtualSystemSettingData as recovery points of replicas.</summary>
internal sealed class RecoveryPointClass : SimulatedClassOf<RecoveryPoint>
{
    public override string Name => HyperVClasses.VirtualSystemSettingData;

    public override IReadOnlyList<string> Ancestors => SystemSettingsClass.AncestorNames;

    protected override IEnumerable<RecoveryPoint> Objects(HostWorld world) => world.VirtualMachines.SelectMany(machine => machine.RecoveryPointsAt(world.NowTime));

    protected override IReadOnlyList<KeyValuePair<string, object>> Keys(HostWorld world, RecoveryPoint item)
        => [new("InstanceID", item.InstanceId)];

    protected override void Fill(HostWorld world, RecoveryPoint item, Dictionary<string, object?> properties)
    {
        properties["Caption"] = "Virtual Machine Settings";
        properties["Description"] = "Recovery point of the virtual machine.";
        properties["ElementName"] = string.Create(
            CultureInfo.InvariantCulture, $"{item.Machine.Name} - {item.Time:yyyy-MM-dd HH:mm:ss} - {item.Type} recovery point");
        properties["VirtualSystemIdentifier"] = CimText.Guid(item.Machine.Id);
        properties["VirtualSystemType"] = item.Type switch
        {
            RecoveryPointType.ApplicationConsistent => RecoveryPointTypes.ApplicationConsistent,
            RecoveryPointType.PlannedFailover => RecoveryPointTypes.PlannedFailover,
            _ => RecoveryPointTypes.Standard,
        };
        properties["CreationTime"] = item.Time;
        properties["Parent"] = item.Parent is { } parent ? PathOf(world, parent).ToString() : null;
        properties["Notes"] = new[] { string.Empty };
    }
}
