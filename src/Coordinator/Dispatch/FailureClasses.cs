using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>The one table from what an agent says of a failure to how the campaign may try again.</summary>
internal static class FailureClasses
{
    /// <summary>The class of an operation that has failed.</summary>
    public static FailureClass Of(Outcome outcome) => outcome switch
    {
        { Failure.Reason: "INVALID_STATE" } => FailureClass.InvalidState,
        { Failure.Reason: "ALREADY_FAILED_BACK" or "FAILBACK_IN_PROGRESS" } => FailureClass.RecheckState,
        { Basis: OutcomeBasis.Readiness } or { Failure.Reason: "NOT_READY" } => FailureClass.NotReady,
        { RetryClass: RetryClass.BackOff } => FailureClass.BackOff,
        { RetryClass: RetryClass.RereadState } => FailureClass.RecheckState,
        { RetryClass: RetryClass.FailedJob } => FailureClass.FailedJob,
        _ => FailureClass.Never,
    };

    /// <summary>The class of an operation that the agent has refused before it kept anything of it.</summary>
    public static FailureClass Of(RpcFailure refusal) => refusal.Reason switch
    {
        "NOT_READY" => FailureClass.NotReady,
        "INVALID_STATE" => FailureClass.InvalidState,
        "ALREADY_FAILED_BACK" or "FAILBACK_IN_PROGRESS" => FailureClass.RecheckState,
        "JOURNAL_LOST" => FailureClass.JournalLost,

        // Somebody else's operation on the machine, or a former attempt of ours, will end.
        "OPERATION_IN_PROGRESS" => FailureClass.BackOff,
        _ when refusal.RetryDelay is not null => FailureClass.BackOff,
        "HOST_UNAVAILABLE" or "DRAINING" or "QUEUE_FULL" => FailureClass.BackOff,
        _ => FailureClass.Never,
    };
}
