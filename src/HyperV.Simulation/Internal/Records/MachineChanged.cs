using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>Something happened to a virtual machine without a job.</summary>
internal sealed record MachineChanged(DateTimeOffset Time, Guid VirtualMachineId, MachineChange Change) : StateRecord(Time);
