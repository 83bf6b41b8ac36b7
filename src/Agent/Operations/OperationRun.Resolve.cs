using Grpc.Core;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations;

/// <content>STARTING without an answer, or QUEUED with a journal that lost its end: what became of the call is found out at the host.</content>
internal sealed partial class OperationRun
{
    private async Task ResolveCallAsync(CancellationToken cancellationToken)
    {
        var firstLook = context.Time.GetTimestamp();
        while (!log.Snapshot.State.IsTerminal())
        {
            var intent = log.Snapshot.Intent
                ?? throw new InvalidOperationException($"Operation {Id} is STARTING without the evidence of an intent.");
            // Before the jobs: the job of a machine that is seen here is then listed, or has ended.
            var made = await NewTestMachinesAsync(cancellationToken);
            var machine = await context.Host.FindVirtualMachineAsync(_machine, cancellationToken);
            var jobs = machine is null ? [] : await context.Host.ListJobsAsync(_machine, cancellationToken);
            var shown = MachineShown.Of(machine);
            var verdict = LostCallResolution.WithMade(made, LostCallResolution.Judge(
                kind, intent, intent.ElapsedAt(context.Time), context.Time.GetElapsedTime(firstLook), context.Timing, shown, jobs));
            var answered = log.Snapshot.ReturnCode is not null;
            _reattaching = false;
            switch (verdict)
            {
                case LostCallVerdict.LookAgain again:
                    await Task.Delay(again.After, context.Time, cancellationToken);
                    continue;
                case LostCallVerdict.Nothing nothing when log.Snapshot.State == OperationState.Queued:
                    await log.RecordAsync(now => now.State == OperationState.Queued ? Cleared(now, nothing.Reason) : null, cancellationToken);
                    return;
                case LostCallVerdict.Adopt adopt:
                    ticket.TakeSlot();
                    await StartedAsync(
                        adopt.Job.Path, JobSnapshots.Of(adopt.Job), OperationEventKind.Reattached, $"The call's answer was lost; {adopt.Reason}, so the job belongs to this operation.", JobStartedCode, cancellationToken);
                    return;
                case LostCallVerdict.InProgress progress:
                    ticket.TakeSlot();
                    await log.RecordAsync(
                        now =>
                        {
                            var next = NextEvent.Of(now, OperationEventKind.Reattached, $"The call's answer was lost, but it took effect: {progress.Reason}. Following the replication state.", OperationState.Running);
                            return next with { Event = next.Event with { ReplicationState = (int?)shown?.State } };
                        },
                        cancellationToken);
                    return;
                case LostCallVerdict.Done done:
                    await ConcludeAsync(
                        new OperationOutcome(OperationState.Succeeded, OutcomeBasis.ReplicationState, $"The call's answer was lost, but the operation completed: {done.Reason}.", Failure: null, Retry: null), cancellationToken, state: shown?.State);
                    return;
                case LostCallVerdict.Nothing nothing when kind.Repeats == LostCallRepeat.Never:
                    await ConcludeAsync(HadNoEffect(nothing.Reason), cancellationToken, state: shown?.State);
                    return;
                case LostCallVerdict.Nothing nothing when !answered:
                    await log.RecordAsync(
                        now => NextEvent.Of(now, OperationEventKind.Reattached, $"The call's answer was lost and it had no effect ({nothing.Reason}); calling again."), cancellationToken);
                    await CallAsync(OperationState.Starting, cancellationToken);
                    return;
                case LostCallVerdict.Nothing nothing:
                    await ConcludeAsync(Unknown($"the host reported a started job without naming it, and {nothing.Reason}"), cancellationToken, state: shown?.State);
                    return;
                case LostCallVerdict.Undecided undecided:
                    await ConcludeAsync(Unknown($"the call's answer was lost, and {undecided.Reason}"), cancellationToken, state: shown?.State);
                    return;
                default:
                    throw new InvalidOperationException($"Unhandled verdict {verdict}.");
            }
        }
    }

    private static NextEvent Cleared(OperationSnapshot now, string reason)
    {
        var next = NextEvent.Of(now, OperationEventKind.Reattached, $"The host was never called ({reason}); the operation stays queued.");
        return next with { Event = next.Event with { MayHaveBeenCalled = false } };
    }

    // What was decided on may have changed since: it is not repeated, however clearly it had no effect.
    private static OperationOutcome HadNoEffect(string reason)
    {
        var sentence = $"The call's answer was lost and it had no effect ({reason}). It is not repeated: read both hosts and decide again.";
        return new OperationOutcome(
            OperationState.Failed, OutcomeBasis.ReplicationState, sentence, new OperationFailure(StatusCode.Aborted, "CALL_HAD_NO_EFFECT", sentence), RetryClass.RereadState);
    }

    private static OperationOutcome Unknown(string reason)
    {
        var sentence = $"The outcome could not be determined: {reason}. Check the virtual machine manually; the agent will not retry.";
        return new OperationOutcome(
            OperationState.UnknownOutcome, OutcomeBasis.None, sentence, new OperationFailure(StatusCode.Unknown, "UNKNOWN_OUTCOME", sentence), RetryClass.RereadState);
    }
}
