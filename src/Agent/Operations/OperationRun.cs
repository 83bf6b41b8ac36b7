using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.Hosting;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations;

/// <summary>
/// Takes one operation from where the journal has it to its end: queue, intent, call, job. Whatever breaks on the way, it goes on
/// from the journal and from what the host shows; it never makes a call again unless the host proves that the former one took no effect.
/// </summary>
internal sealed partial class OperationRun(
    OperationLog log, IOperationKind kind, QueueTicket ticket, OperationContext context, bool leftBehind, AcceptedCall? accepted, ILogger logger)
{
    private const uint CompletedCode = 0;
    private const uint JobStartedCode = 4096;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly OperationInbox _inbox = new();
    private readonly VirtualMachineId _machine = VirtualMachineId.Parse(log.Snapshot.Facts.VirtualMachineId);

    // Left behind by a former life of the agent, and not found again yet.
    private bool _reattaching = leftBehind;

    // Used once at most, and never after a wait in the queue.
    private AcceptedCall? _accepted = accepted;

    /// <summary>Wakes the operation: it may have been cancelled.</summary>
    public void Wake() => _inbox.Wake();

    /// <summary>Runs until the operation is terminal, or until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new ExponentialBackoff(FirstRetry, LongestRetry);
        while (!log.Snapshot.State.IsTerminal())
        {
            try
            {
                await StepAsync(stop);
                backoff.Reset();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var pause = backoff.Next();
                LogStepFailed(logger, e, log.Snapshot.State, pause, Id, VmId, context.HostName, Campaign);
                await Task.Delay(pause, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (log.Snapshot.Last.Outcome is { } outcome)
        {
            LogConcluded(logger, outcome.State, outcome.Basis, outcome.Explanation, Id, VmId, context.HostName, Campaign);
        }
    }

    private Guid Id => log.Snapshot.Facts.OperationId;

    private string VmId => log.Snapshot.Facts.VirtualMachineId;

    private Guid? Campaign => log.Snapshot.Facts.Campaign?.CampaignId;

    private Task StepAsync(CancellationToken stop) => log.Snapshot.State switch
    {
        OperationState.Queued => QueueAsync(stop),
        OperationState.Starting => SettleCallAsync(stop),
        _ => FollowAsync(stop),
    };

    // ---- QUEUED

    private async Task QueueAsync(CancellationToken stop)
    {
        ticket.OnMoved(_inbox.Wake);
        if (log.Snapshot.Last.MayHaveBeenCalled)
        {
            await SettleCallAsync(stop);
            return;
        }

        if (_reattaching)
        {
            _reattaching = false;
            var place = ticket.Position;
            await log.RecordAsync(
                now => AtPosition(NextEvent.Of(now, OperationEventKind.Reattached, "The agent was restarted before the host had been asked for anything: the operation is queued again."), place), stop);
        }

        while (!ticket.Granted.IsCompleted)
        {
            _accepted = null;
            var position = ticket.Position;
            if (position > 0 && QueuePositionRule.IsWorthTelling(log.Snapshot.Last.QueuePosition, position))
            {
                await log.RecordAsync(now => AtPosition(NextEvent.Of(now, OperationEventKind.Queued, $"Waits for a place under the host's limit, at position {position}."), position), stop);
            }

            if (log.Snapshot.State.IsTerminal())
            {
                return;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(ticket.Granted, _inbox.WaitAsync(either.Token));
            await either.CancelAsync();
            stop.ThrowIfCancellationRequested();
        }

        await CallAsync(OperationState.Queued, stop);
    }

    private static NextEvent AtPosition(NextEvent next, int position) => next with { Event = next.Event with { QueuePosition = position } };

    // ---- the call

    // The one way to the host's method. The state says from where: QUEUED, or STARTING when the former call proved to have had no effect.
    private async Task CallAsync(OperationState from, CancellationToken stop)
    {
        if (log.Snapshot.State.IsTerminal())
        {
            return;
        }

        await ReachAsync(OperationCheckpoint.BeforeIntent, stop);
        PreparedCall call;
        try
        {
            call = TakeAccepted() ?? await kind.PrepareAsync(log.Snapshot.Facts.Request, stop);
        }
        catch (OperationRefusedException refused)
        {
            await ConcludeAsync(
                new OperationOutcome(OperationState.Failed, OutcomeBasis.Readiness, refused.Message, refused.Failure, RetryOf(refused.Failure)), stop);
            return;
        }

        var intended = await log.RecordAsync(now => now.State == from ? Intent(now, call) : null, stop);
        if (intended is null)
        {
            return;
        }

        LogCalling(logger, intended.RecoveryPointIdentifier, Id, VmId, context.HostName, Campaign);
        await ReachAsync(OperationCheckpoint.BeforeCall, stop);
        MethodAnswer answer;
        using (var deadline = new CancellationTokenSource(context.Timing.CallDeadline, context.Time))
        {
            try
            {
                // Not bound to the agent's stop: a call half made is the one thing that is hard to explain afterwards.
                answer = await call.InvokeAsync(deadline.Token);
            }
            catch (Exception e) when (kind.JudgeCallError(e, intended) is { } outcome)
            {
                LogCallRefused(logger, e, Id, VmId, context.HostName, Campaign);
                await ConcludeAsync(outcome, stop);
                return;
            }
        }

        await ReachAsync(OperationCheckpoint.AfterCall, stop);
        await TakeAnswerAsync(answer, stop);
    }

    private PreparedCall? TakeAccepted()
    {
        var taken = _accepted;
        _accepted = null;
        return taken is not null && taken.IsFresh(context.Time) ? taken.Call : null;
    }

    private NextEvent Intent(OperationSnapshot now, PreparedCall call)
    {
        var time = context.Time.GetUtcNow();
        var next = NextEvent.Of(now, OperationEventKind.Starting, $"The host is being asked ({kind.Name}).", OperationState.Starting);
        return new NextEvent(
            next.Event with { ReplicationState = (int)call.Machine.ReplicationState },
            new OperationChange
            {
                Intent = new IntentEvidence(time, call.Machine.Relationship is null ? null : (int)call.Machine.ReplicationState, call.JobIds),
                RecoveryPointIdentifier = call.RecoveryPointIdentifier,
                StartTime = time,
            });
    }

    private async Task TakeAnswerAsync(MethodAnswer answer, CancellationToken stop)
    {
        LogAnswered(logger, answer.ReturnCode, answer.Job, Id, VmId, context.HostName, Campaign);
        if (answer.ReturnCode is not (CompletedCode or JobStartedCode) || (answer is { ReturnCode: CompletedCode, Job: null }))
        {
            await ConcludeAsync(kind.JudgeReturnCode(answer.ReturnCode, log.Snapshot), stop, new OperationChange { ReturnCode = answer.ReturnCode });
            return;
        }

        if (answer.Job is null)
        {
            // Durable, so that the call is never made again: the host has said that it took effect. The job is found like one of a lost answer.
            await log.RecordAsync(
                now => NextEvent.Of(now, OperationEventKind.Starting, "The host answered that it has started a job and did not name it; it is looked for.") with
                {
                    Change = new OperationChange { ReturnCode = answer.ReturnCode },
                },
                stop);
            return;
        }

        await StartedAsync(answer.Job, JobSnapshots.Named(answer.Job), OperationEventKind.Started, "The host has accepted and started a job.", answer.ReturnCode, stop);
    }

    private Task<OperationSnapshot?> StartedAsync(
        CimObjectPath path, JobSnapshot job, OperationEventKind eventKind, string explanation, uint? returnCode, CancellationToken stop)
        => log.RecordAsync(
            now => new NextEvent(
                NextEvent.Of(now, eventKind, explanation, OperationState.Running).Event with { Job = job, PercentComplete = job.PercentComplete },
                new OperationChange { JobPath = path.ToString(), ReturnCode = returnCode }),
            stop);

    private static RetryAdvice RetryOf(OperationFailure failure) => failure.RetryDelay is null ? RetryAdvice.Never : RetryAdvice.BackOff;

    private Task ReachAsync(OperationCheckpoint checkpoint, CancellationToken stop)
        => context.Checkpoint?.Invoke(checkpoint, log.Snapshot, stop) ?? Task.CompletedTask;

    private async Task ConcludeAsync(
        OperationOutcome outcome, CancellationToken stop, OperationChange? change = null, JobSnapshot? job = null, ReplicationState? state = null)
    {
        await ReachAsync(OperationCheckpoint.BeforeConclusion, stop);
        await log.RecordAsync(
            now =>
            {
                var next = NextEvent.Conclusion(now, outcome);
                return new NextEvent(
                    next.Event with
                    {
                        Job = job ?? next.Event.Job,
                        PercentComplete = outcome.State.IsSuccess() ? 100 : job?.PercentComplete ?? next.Event.PercentComplete,
                        ReplicationState = (int?)state ?? next.Event.ReplicationState,
                    },
                    change ?? OperationChange.Nothing);
            },
            stop);
    }
}
