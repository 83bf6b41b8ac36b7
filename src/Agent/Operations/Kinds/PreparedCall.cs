using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>A call that is ready to be made, with what the host showed when it was made ready.</summary>
/// <param name="Machine">The machine as it was seen.</param>
/// <param name="RecoveryPointIdentifier">The recovery point that will be handed to the host; null for the latest.</param>
/// <param name="JobIds">The ids of all jobs that affected the machine.</param>
/// <param name="InvokeAsync">Makes the call.</param>
internal sealed record PreparedCall(
    VirtualMachine Machine,
    string? RecoveryPointIdentifier,
    IReadOnlyList<string> JobIds,
    Func<CancellationToken, Task<MethodAnswer>> InvokeAsync);

/// <summary>What a method answered.</summary>
/// <param name="ReturnCode">The host's number; 4096 has started a job.</param>
/// <param name="Job">The path of the job; null when there is none.</param>
internal sealed record MethodAnswer(uint ReturnCode, CimObjectPath? Job);
