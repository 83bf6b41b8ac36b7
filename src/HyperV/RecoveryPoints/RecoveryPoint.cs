using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.RecoveryPoints;

/// <summary>A point in time that a replica can go back to.</summary>
/// <param name="Identifier">The InstanceID of the point, <c>Microsoft:&lt;GUID&gt;</c>; the GUID is the point's, not the machine's.</param>
/// <param name="VirtualMachine">The machine it belongs to.</param>
/// <param name="Name">The display name, in the host's language.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Time">The point in time, UTC.</param>
public sealed record RecoveryPoint(string Identifier, VirtualMachineId VirtualMachine, string Name, RecoveryPointType Type, DateTimeOffset Time);
