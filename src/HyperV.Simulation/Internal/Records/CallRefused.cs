using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>InitiateFailback was answered otherwise than 0 or 4096.</summary>
/// <param name="Time">When.</param>
/// <param name="VirtualMachineId">The virtual machine, where the call named one.</param>
/// <param name="Code">The return code.</param>
/// <param name="Reason">The check or fault that refused, and what it saw.</param>
/// <param name="Strikes">The faults that the call used up.</param>
internal sealed record CallRefused(DateTimeOffset Time, Guid? VirtualMachineId, ReturnCode Code, string Reason, IReadOnlyList<string> Strikes)
    : StateRecord(Time);
