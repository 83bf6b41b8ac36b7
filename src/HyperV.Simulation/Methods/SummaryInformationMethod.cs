using System.Collections;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;
using HostAgent.HyperV.VirtualMachines;
using RecoveryPoint = HostAgent.HyperV.Simulation.World.RecoveryPoint;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>
/// Msvm_VirtualSystemManagementService.GetSummaryInformation: selected properties of many machines or snapshots in one synchronous call. The
/// name is always included; it is empty for an object that does not exist.
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
            if (SummaryInformation.Of(id, world, settings, system, machine) is { } known)
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

/// <summary>Maps the published numbers to properties of Msvm_SummaryInformation and their values. Numbers that are not simulated have none.</summary>
internal static class SummaryInformation
{
    public const uint ReplicationProviderId = 122;

    private const ushort Processors = 2;

    /// <param name="id">The number.</param>
    /// <param name="world">The host.</param>
    /// <param name="settings">The settings of the machine or snapshot.</param>
    /// <param name="system">The machine's Msvm_ComputerSystem; null for a snapshot.</param>
    /// <param name="machine">The machine; null for a snapshot.</param>
    public static (string Property, object? Value)? Of(uint id, HostWorld world, CimInstance settings, CimInstance? system, World.VirtualMachine? machine) => id switch
    {
        1 => ("ElementName", settings["ElementName"]),
        2 => ("CreationTime", settings["CreationTime"]),
        3 => ("Notes", settings["Notes"] is string[] notes ? string.Join('\n', notes) : null),
        4 => ("NumberOfProcessors", Processors),
        100 => OfSystem(system, "EnabledState"),
        104 => machine?.Power == EnabledState.Running ? ("Heartbeat", (ushort)GuestState.HeartbeatOf(machine, world)[0]) : null,
        109 => OfSystem(system, "HealthState"),
        110 => OfSystem(system, "OperationalStatus"),
        111 => OfSystem(system, "StatusDescriptions"),
        114 => OfSystem(system, "ReplicationMode"),
        115 => OfSystem(system, "ReplicationState"),
        116 => OfSystem(system, "ReplicationHealth"),
        118 => OfRelationships(machine, "ReplicationStateEx", relationship => (ushort)RelationshipClass.StateOf(relationship)),
        119 => OfRelationships(machine, "ReplicationHealthEx", relationship => (ushort)RelationshipClass.HealthOf(relationship)),
        _ => null,
    };

    private static (string Property, object? Value)? OfSystem(CimInstance? system, string property) => system is null ? null : (property, system[property]);

    private static (string Property, object? Value)? OfRelationships(World.VirtualMachine? machine, string property, Func<Relationship, ushort> value)
        => machine is null ? null : (property, RelationshipClass.Of(machine).Select(value).ToArray());
}
