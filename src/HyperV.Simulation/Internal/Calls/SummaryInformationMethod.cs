using System.Collections;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Internal.Checks;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Records;
using HostAgent.HyperV.Simulation.Internal.World;
using RecoveryPoint = HostAgent.HyperV.Simulation.Internal.World.RecoveryPoint;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>
/// Msvm_VirtualSystemManagementService.GetSummaryInformation: some properties of many machines or snapshots in one call, answered at once. The
/// name is always among them, and empty for what is not there.
/// </summary>
internal sealed class SummaryInformationMethod(ObjectModel model) : ISimulatedMethod
{
    private const uint LastGeneral = 11;
    private const uint FirstOfSystem = 100;
    private const uint LastOfSystem = 133;

    public CimMethod Declaration { get; } = new("GetSummaryInformation",
    [
        new("SettingData", CimType.Reference, IsArray: true), new("RequestedInformation", CimType.UInt32, IsArray: true),
        new("SummaryInformation", CimType.Object, IsArray: true, IsOutput: true),
    ]);

    public bool IsOf(object target) => target is VirtualSystemManagementService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        if (inputs.GetValueOrDefault("RequestedInformation") is not uint[] requested || !requested.All(id => id is <= LastGeneral or (>= FirstOfSystem and <= LastOfSystem)))
        {
            return MethodResults.With((uint)ReturnCode.InvalidParameter, "SummaryInformation", null);
        }

        var subjects = inputs.GetValueOrDefault("SettingData") is IEnumerable and not string
            ? ((IEnumerable)inputs["SettingData"]!).Cast<object?>().Select(path => References.Find<object>(world, model, path))
            : world.VirtualMachines.Select(machine => new SystemSettings(machine));
        return MethodResults.With(
            (uint)ReturnCode.Completed, "SummaryInformation",
            subjects.Select(subject => new CimInstance(path: null, "Msvm_SummaryInformation", Describe(world, subject, requested))).ToArray());
    }

    private Dictionary<string, object?> Describe(HostWorld world, object? subject, uint[] requested)
    {
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["Name"] = string.Empty };
        if (subject is not (SystemSettings or RecoveryPoint or Checkpoint))
        {
            return properties;
        }

        var settings = model.Describe(world, subject);
        var machine = (subject as SystemSettings)?.Machine;
        var system = machine is null ? null : model.Describe(world, machine);
        properties["Name"] = settings.GetString("InstanceID")!["Microsoft:".Length..];
        foreach (var id in requested)
        {
            if (SummaryInformation.Of(id, settings, system, machine) is { } known)
            {
                properties[known.Property] = known.Value;
            }
        }

        if (machine is not null && requested.Contains(SummaryInformation.ReplicationProviderId))
        {
            properties["ReplicationProviderId"] = RelationshipClass.Of(machine).Select(_ => CimText.Guid(ReplicationProviderClass.Used(world).Id)).ToArray();
        }

        return properties;
    }
}
