using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations;

/// <content>STARTING without an answer, or QUEUED with a journal that lost its end: what became of the call is found out at the host.</content>
internal sealed partial class OperationRun
{
    private async Task SettleCallAsync(CancellationToken stop)
    {
        var firstLook = context.Time.GetTimestamp();
        while (!log.Snapshot.State.IsTerminal())
        {
            var intent = log.Snapshot.Intent
                ?? throw new InvalidOperationException($"Operation {Id} is STARTING without the evidence of an intent.");
            var machine = await context.Host.FindVirtualMachineAsync(_machine, stop);
            var jobs = machine is null ? [] : await context.Host.ListJobsAsync(_machine, stop);
            var state = machine?.Relationship is null ? (ReplicationState?)null : machine.ReplicationState;
            var verdict = LostCallResolution.Judge(
                kind, intent, context.Time.GetUtcNow() - intent.Time, context.Time.GetElapsedTime(firstLook), context.Timing, state, jobs);
            var answered = log.Snapshot.ReturnCode is not null;
            _reattaching = false;
            switch (verdict)
            {
                case LostCallVerdict.LookAgain again:
                    await Task.Delay(again.After, context.Time, stop);
                    continue;
                case LostCallVerdict.Nothing nothing when log.Snapshot.State == OperationState.Queued:
                    await log.RecordAsync(now => now.State == OperationState.Queued ? Cleared(now, nothing.Reason) : null, stop);
                    return;
                case LostCallVerdict.Adopt adopt:
                    ticket.TakeSlot();
                    await StartedAsync(
                        adopt.Job.Path, JobSnapshots.Of(adopt.Job), OperationEventKind.Reattached, $"The answer to the call is not known; {adopt.Reason}, so it is this operation's.", JobStartedCode, stop);
                    return;
                case LostCallVerdict.InProgress progress:
                    ticket.TakeSlot();
                    await log.RecordAsync(
                        now =>
                        {
                            var next = NextEvent.Of(now, OperationEventKind.Reattached, $"The answer to the call is not known; it took effect: {progress.Reason}. The replication state is followed.", OperationState.Running);
                            return next with { Event = next.Event with { ReplicationState = (int?)state } };
                        },
                        stop);
                    return;
                case LostCallVerdict.Done done:
                    await ConcludeAsync(
                        new OperationOutcome(OperationState.Succeeded, OutcomeBasis.ReplicationState, $"The answer to the call is not known; it has been done: {done.Reason}.", Failure: null, RetryAdvice.None), stop, state: state);
                    return;
                case LostCallVerdict.Nothing nothing when !answered:
                    await log.RecordAsync(
                        now => NextEvent.Of(now, OperationEventKind.Reattached, $"The answer to the call is not known; the host shows that it took no effect ({nothing.Reason}), so it is made again."), stop);
                    await CallAsync(OperationState.Starting, stop);
                    return;
                case LostCallVerdict.Nothing nothing:
                    await ConcludeAsync(Unknown($"the host answered that it had started a job and did not name it, and {nothing.Reason}"), stop, state: state);
                    return;
                case LostCallVerdict.Undecided undecided:
                    await ConcludeAsync(Unknown($"the answer to the call is not known, and {undecided.Reason}"), stop, state: state);
                    return;
                default:
                    throw new InvalidOperationException($"Unhandled verdict {verdict}.");
            }
        }
    }

    private static NextEvent Cleared(OperationSnapshot now, string reason)
    {
        var next = NextEvent.Of(now, OperationEventKind.Reattached, $"The host shows that it had not been asked ({reason}): the operation stays queued.");
        return next with { Event = next.Event with { MayHaveBeenCalled = false } };
    }

    private static OperationOutcome Unknown(string reason)
    {
        var sentence = $"Nothing on the host decides how this ended: {reason}. Somebody must look at the machine; it is not started again by itself.";
        return new OperationOutcome(
            OperationState.UnknownOutcome, OutcomeBasis.None, sentence, new OperationFailure(StatusCode.Unknown, "UNKNOWN_OUTCOME", sentence), RetryAdvice.RereadState);
    }
}
