using Grpc.Core;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations.Model;

/// <summary>What cancellation means in each state of an operation. Pure.</summary>
internal static class CancelRule
{
    /// <summary>Whether an operation can be dequeued because the host was certainly never called.</summary>
    public static bool MayBeDequeued(OperationSnapshot operation) => operation is { State: OperationState.Queued, Last.MayHaveBeenCalled: false };

    /// <summary>The outcome of an operation cancelled while queued.</summary>
    public static OperationOutcome Dequeued(OperationSnapshot operation, string why)
        => new(OperationState.Cancelled, OutcomeBasis.Request, why, Failure(operation, why), RetryClass.Never);

    /// <summary>The outcome of an operation whose job the host terminated on request.</summary>
    public static OperationOutcome Terminated(OperationSnapshot operation)
    {
        var why = $"The host terminated the job on request. {operation.CancelReason} The disks of machine {operation.Facts.VirtualMachineId} may be incomplete and must not be booted; run the failback again.";
        return new(OperationState.Cancelled, OutcomeBasis.Job, why, Failure(operation, why), RetryClass.Never);
    }

    /// <summary>
    /// Whether a running operation has no job that could be terminated, and so nothing that ends it but its machine, which may show the same for ever. A person who cancels it takes it over.
    /// </summary>
    public static bool HasNothingToTerminate(OperationSnapshot operation)
        => operation is { State: OperationState.Running, Last.MayHaveBeenCalled: false } and ({ JobPath: null } or { Last.Job.Gone: true });

    /// <summary>The outcome of such an operation when it is cancelled.</summary>
    public static OperationOutcome GivenUp(OperationSnapshot operation, string why)
    {
        var sentence = $"{why} The host has no job of it that could be terminated{Shown(operation)}: it is no longer followed, and what became of it is not known. Check the virtual machine manually; the agent will not retry.";
        return new(OperationState.UnknownOutcome, OutcomeBasis.Request, sentence, new OperationFailure(StatusCode.Unknown, "UNKNOWN_OUTCOME", sentence), RetryClass.RereadState);
    }

    /// <summary>What is told of an operation that does not move: where nothing but its machine can end it, that a person can.</summary>
    public static string StillWatching(OperationSnapshot operation)
        => HasNothingToTerminate(operation)
            ? $"the host has no job of it{Shown(operation)}, which may stay so for ever. If the host no longer works on it, cancel it: its outcome is then unknown, and a person decides."
            : "still watching.";

    /// <summary>The event of a cancellation request.</summary>
    public static NextEvent Requested(OperationSnapshot now, string why)
        => NextEvent.Of(now, OperationEventKind.CancelRequested, why) with { Change = new OperationChange { CancelReason = why } };

    /// <summary>Why an operation's job cannot be terminated, and whether that may change soon; null when it can.</summary>
    public static (string Why, bool SoonAgain)? WhyNot(OperationSnapshot operation) => operation switch
    {
        { Last.MayHaveBeenCalled: true } => ("the journal was damaged, and the agent is still checking whether the host was called", true),
        { State: OperationState.Starting } or { JobPath: null } => ("the host is being called right now", true),
        _ => null,
    };

    private static string Shown(OperationSnapshot operation)
        => operation.Last.ReplicationState is { } state ? $", and its machine showed replication state {Numbered.Text((ReplicationState)state)}" : "";

    private static OperationFailure Failure(OperationSnapshot operation, string why) => new(StatusCode.Cancelled, "CANCELLED", why)
    {
        Metadata = new Dictionary<string, string>
        {
            ["operation_id"] = operation.Facts.OperationId.ToString(),
            ["virtual_machine_id"] = operation.Facts.VirtualMachineId,
        },
    };
}
