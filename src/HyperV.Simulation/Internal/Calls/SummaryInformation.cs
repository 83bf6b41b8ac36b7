using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>Which property of Msvm_SummaryInformation goes with which published number, and its value. Numbers that nothing here stands for have none.</summary>
internal static class SummaryInformation
{
    public const uint ReplicationProviderId = 122;

    private const ushort HeartbeatOk = 2;
    private const ushort Processors = 2;

    /// <param name="id">The number.</param>
    /// <param name="settings">The settings of the machine or snapshot.</param>
    /// <param name="system">The machine's Msvm_ComputerSystem; null for a snapshot.</param>
    /// <param name="machine">The machine; null for a snapshot.</param>
    public static (string Property, object? Value)? Of(uint id, CimInstance settings, CimInstance? system, World.VirtualMachine? machine) => id switch
    {
        1 => ("ElementName", settings["ElementName"]),
        2 => ("CreationTime", settings["CreationTime"]),
        3 => ("Notes", settings["Notes"] is string[] notes ? string.Join('\n', notes) : null),
        4 => ("NumberOfProcessors", Processors),
        100 => OfSystem(system, "EnabledState"),
        104 => machine?.Power == EnabledState.Running ? ("Heartbeat", HeartbeatOk) : null,
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
