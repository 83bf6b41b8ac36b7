using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Operations.Cancellation;

/// <summary>Takes operations back: out of the queue, or by asking the host to terminate their job.</summary>
internal sealed partial class OperationCancellation(
    LiveOperations operations, OperationContext context, OperationJournal journal, ILogger<OperationCancellation> logger)
{
    /// <summary>Takes a queued operation out of the queue, or asks the host to terminate the job of a running one.</summary>
    /// <exception cref="OperationRefusedException">It is unknown, is not confirmed, or cannot be cancelled in its state.</exception>
    public async Task<CancelAnswer> CancelAsync(Guid operationId, bool confirmed, string reason, string requestedBy, CancellationToken cancellationToken)
    {
        if (operations.Find(operationId) is not { } live)
        {
            var known = await journal.FindAsync(operationId, cancellationToken) ?? throw Refusals.NotFound(operationId);
            return Over(known);
        }

        var why = reason.Length == 0 ? $"Cancellation requested by {requestedBy}." : $"Cancellation requested by {requestedBy}: {reason.TrimEnd('.')}.";
        var dequeued = await live.Log.TryRecordAsync(
            now => CancelRule.MayBeDequeued(now) ? NextEvent.Conclusion(now, CancelRule.Dequeued(now, why)) : null, cancellationToken);
        if (dequeued is not null)
        {
            live.Run.Wake();
            return new CancelAnswer(dequeued, ReturnCode: null, "Removed from the queue before the host was called.");
        }

        var operation = live.Snapshot;
        if (operation.State.IsTerminal())
        {
            return Over(operation);
        }

        if (!confirmed)
        {
            throw Refusals.ConfirmationRequired(operation.Facts);
        }

        var givenUp = await live.Log.TryRecordAsync(now => CancelRule.HasNothingToTerminate(now) ? NextEvent.Conclusion(now, CancelRule.GivenUp(now, why)) : null, cancellationToken);
        if (givenUp is not null)
        {
            live.Run.Wake();
            return new CancelAnswer(givenUp, ReturnCode: null, "The host has no job that could be terminated; the operation is no longer followed.");
        }

        operation = live.Snapshot;
        if (operation.State.IsTerminal())
        {
            return Over(operation);
        }

        if (CancelRule.WhyNot(operation) is var (sentence, soonAgain))
        {
            throw Refusals.NotCancellable(operation.Facts, sentence, soonAgain);
        }

        await live.Log.TryRecordAsync(now => now.CancelReason is null ? CancelRule.Requested(now, why) : null, cancellationToken);
        var answer = await context.Host.RequestJobTerminationAsync(CimObjectPath.Parse(operation.JobPath!), cancellationToken);
        LogAnswered(logger, answer.Number, answer.Explanation, operationId, operation.Facts.VirtualMachineId, context.HostName, operation.Facts.Campaign?.CampaignId);
        return new CancelAnswer(live.Snapshot, answer.Number, answer.Explanation);

        static CancelAnswer Over(OperationSnapshot operation) => new(operation, ReturnCode: null, "The operation has already ended; nothing was changed.");
    }

    [LoggerMessage(EventId = 2202, Level = LogLevel.Warning,
        Message = "The host answered the cancellation with {ReturnCode}: {Explanation} operation_id {OperationId}, vm_id {VmId}, host {Host}, campaign {Campaign}")]
    private static partial void LogAnswered(
        ILogger logger, uint? returnCode, string explanation, Guid operationId, string vmId, string host, Guid? campaign);
}

/// <summary>What came of a cancellation.</summary>
/// <param name="Operation">The operation after the request.</param>
/// <param name="ReturnCode">The job's return code; null when no job was called, or it was gone.</param>
/// <param name="Explanation">The answer in words.</param>
internal sealed record CancelAnswer(OperationSnapshot Operation, uint? ReturnCode, string Explanation);
