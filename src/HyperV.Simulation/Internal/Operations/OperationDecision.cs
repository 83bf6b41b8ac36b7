using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>What becomes of a call: a refusal, or a job.</summary>
/// <param name="Code">The return code.</param>
/// <param name="Reason">What was seen, for the log; empty when a job starts.</param>
internal sealed record OperationDecision(ReturnCode Code, string Reason)
{
    public JobType JobType { get; private init; }

    public JobPlan? Plan { get; private init; }

    public static OperationDecision Refuse(ReturnCode code, string reason) => new(code, reason);

    /// <summary>The machine's state, mode or power does not allow it.</summary>
    public static OperationDecision InvalidState(string reason) => new(ReturnCode.InvalidState, reason);

    public static OperationDecision Start(JobType type, JobPlan plan) => new(ReturnCode.JobStarted, string.Empty) { JobType = type, Plan = plan };
}
