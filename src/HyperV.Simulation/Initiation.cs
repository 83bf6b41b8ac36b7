namespace HostAgent.HyperV.Simulation;

/// <summary>One InitiateFailback call that the host accepted and that took effect.</summary>
/// <param name="Number">Its place among all accepted calls of the host, from 1.</param>
/// <param name="Time">When it was accepted.</param>
/// <param name="VirtualMachineId">The virtual machine that goes back.</param>
/// <param name="JobId">The InstanceID of its Msvm_ConcreteJob, or null where the host answered 0 without a job.</param>
/// <param name="RecoveryPointId">The recovery point asked for, or null for the latest.</param>
public sealed record Initiation(int Number, DateTimeOffset Time, Guid VirtualMachineId, string? JobId, string? RecoveryPointId);
