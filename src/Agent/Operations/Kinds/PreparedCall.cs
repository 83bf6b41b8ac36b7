using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;

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
    Func<CancellationToken, Task<MethodAnswer>> InvokeAsync)
{
    /// <summary>The machines that test failovers had made of it; null for a kind that makes none.</summary>
    public IReadOnlyList<string>? TestMachines { get; init; }
}

/// <summary>What a method answered.</summary>
/// <param name="ReturnCode">The host's number; 4096 has started a job.</param>
/// <param name="Job">The path of the job; null when there is none.</param>
internal sealed record MethodAnswer(uint ReturnCode, CimObjectPath? Job)
{
    /// <summary>The GUID of the machine that the method makes, upper case; null when it makes none, or when the answer does not name it.</summary>
    public string? TestMachine { get; init; }
}

/// <summary>A call that was prepared at acceptance. The run uses it when the operation need not queue and the call is still fresh.</summary>
/// <param name="Call">The call.</param>
/// <param name="PreparedAt">The timestamp before the host was queried.</param>
internal sealed record AcceptedCall(PreparedCall Call, long PreparedAt)
{
    /// <summary>The longest time for which the prepared call stays valid.</summary>
    public static TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether what the host showed is recent enough to call on.</summary>
    public bool IsFresh(TimeProvider time) => time.GetElapsedTime(PreparedAt) <= MaxAge;
}
