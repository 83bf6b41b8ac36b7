using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>InitiateFailback was accepted and takes effect.</summary>
/// <param name="Time">When.</param>
/// <param name="Number">Its place among the accepted calls of the host, from 1.</param>
/// <param name="VirtualMachineId">The virtual machine.</param>
/// <param name="NumberOfVirtualMachine">Its place among the accepted calls for this virtual machine, from 1.</param>
/// <param name="JobId">The job; null when the work was done at once.</param>
/// <param name="RecoveryPointId">The recovery point asked for; null for the latest.</param>
/// <param name="Plan">What the job will do; null when the work was done at once.</param>
/// <param name="Strikes">The faults that the call used up.</param>
internal sealed record FailbackInitiated(
    DateTimeOffset Time,
    int Number,
    Guid VirtualMachineId,
    int NumberOfVirtualMachine,
    Guid? JobId,
    string? RecoveryPointId,
    JobPlan? Plan,
    IReadOnlyList<string> Strikes)
    : StateRecord(Time)
{
    public Initiation ToInitiation() => new(Number, Time, VirtualMachineId, JobId is { } id ? CimText.Guid(id) : null, RecoveryPointId);
}
