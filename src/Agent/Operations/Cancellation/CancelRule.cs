using Grpc.Core;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Cancellation;

/// <summary>What cancellation means where an operation stands. Pure.</summary>
internal static class CancelRule
{
    /// <summary>Whether an operation can be taken out of the queue with certainty that the host was never asked.</summary>
    public static bool MayBeDequeued(OperationSnapshot operation) => operation is { State: OperationState.Queued, Last.MayHaveBeenCalled: false };

    /// <summary>How an operation ends that was still in the queue.</summary>
    public static OperationOutcome Dequeued(OperationSnapshot operation, string why)
        => new(OperationState.Cancelled, OutcomeBasis.Request, why, Failure(operation, why), RetryAdvice.Never);

    /// <summary>How an operation ends whose job the host has terminated on request.</summary>
    public static OperationOutcome Terminated(OperationSnapshot operation)
    {
        var why = $"The host terminated the job on request. {operation.CancelReason} The disks of machine {operation.Facts.VirtualMachineId} may be incomplete and must not be booted; run the failback again.";
        return new(OperationState.Cancelled, OutcomeBasis.Job, why, Failure(operation, why), RetryAdvice.Never);
    }

    /// <summary>The event that says that somebody asked.</summary>
    public static NextEvent Requested(OperationSnapshot now, string why)
        => NextEvent.Of(now, OperationEventKind.CancelRequested, why) with { Change = new OperationChange { CancelReason = why } };

    /// <summary>Why the job of an operation cannot be asked to end, and whether that changes by itself; null when it can be asked.</summary>
    public static (string Why, bool SoonAgain)? WhyNot(OperationSnapshot operation) => operation switch
    {
        { Last.MayHaveBeenCalled: true } => ("its journal was damaged, and whether the host has been asked is being found out at this moment", true),
        { State: OperationState.Starting } => ("the host is being asked for it at this moment", true),
        { JobPath: null } => ("the host has named no job that could be terminated", false),
        { Last.Job.Gone: true } => ("the host no longer has its job", false),
        _ => null,
    };

    private static OperationFailure Failure(OperationSnapshot operation, string why) => new(StatusCode.Cancelled, "CANCELLED", why)
    {
        Metadata = new Dictionary<string, string>
        {
            ["operation_id"] = operation.Facts.OperationId.ToString(),
            ["virtual_machine_id"] = operation.Facts.VirtualMachineId,
        },
    };
}
