using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failback;

/// <summary>The inputs of <c>Msvm_ReplicationService.InitiateFailback</c>.</summary>
/// <param name="VirtualMachine">The recovery machine (input ComputerSystem).</param>
/// <param name="ReplicationSettingData">
/// The failback settings as embedded-instance text (input ReplicationSettingData), from
/// <see cref="Replication.ReplicationSettingData.ToEmbeddedText"/> or as the caller wrote it.
/// </param>
/// <param name="RecoveryPointIdentifier">Which recovery point to go back to; null leaves the input out, which means the latest.</param>
public sealed record FailbackCall(VirtualMachineId VirtualMachine, string ReplicationSettingData, string? RecoveryPointIdentifier = null);
