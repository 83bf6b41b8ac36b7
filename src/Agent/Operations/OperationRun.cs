using System.Diagnostics;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.Agent.Telemetry;
using HostAgent.Hosting.Telemetry;
using HostAgent.Hosting;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations;

/// <summary>
/// Runs one operation to its end: queue, intent, call, job. After any failure it continues from the journal and the host's state;
/// it never repeats a call unless the host proves that the previous one had no effect.
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

    // Recovered after a restart and not yet reattached to its job.
    private bool _reattaching = leftBehind;

    // Used once at most, and never after a wait in the queue.
    private AcceptedCall? _accepted = accepted;

    /// <summary>Wakes the operation: it may have been cancelled.</summary>
    public void Wake() => _inbox.Wake();

    /// <summary>Runs until the operation is terminal, or until stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new ExponentialBackoff(FirstRetry, LongestRetry);
        while (!log.Snapshot.State.IsTerminal())
        {
            try
            {
                await StepAsync(cancellationToken);
                backoff.Reset();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                var pause = backoff.Next();
                LogStepFailed(logger, exception, log.Snapshot.State, pause, Id, VmId, context.HostName, Campaign);
                await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (log.Snapshot.Last.Outcome is { } outcome)
        {
            AgentTelemetry.Conclusions.Add(1, new TagList { { "failback.operation.kind", kind.Name }, { "failback.operation.state", outcome.State.ToString() } });
            using var span = AgentTelemetry.Spans.StartActivity($"operation.concluded {kind.Name}", ActivityKind.Internal, OperationTrace.Of(Id));
            span?.SetTag("failback.operation.id", Id).SetTag("failback.operation.state", outcome.State.ToString()).SetTag("failback.operation.basis", outcome.Basis.ToString());
            LogConcluded(logger, outcome.State, outcome.Basis, outcome.Explanation, Id, VmId, context.HostName, Campaign);
        }
    }

    private Guid Id => log.Snapshot.Facts.OperationId;

    private string VmId => log.Snapshot.Facts.VirtualMachineId;

    private Guid? Campaign => log.Snapshot.Facts.Campaign?.CampaignId;

    private Task StepAsync(CancellationToken cancellationToken) => log.Snapshot.State switch
    {
        _ when OtherHostRule.Judge(log.Snapshot, context.HostName) is { } settled => log.RecordAsync(now => NextEvent.Conclusion(now, settled), cancellationToken),
        OperationState.Queued => QueueAsync(cancellationToken),
        OperationState.Starting => ResolveCallAsync(cancellationToken),
        _ => FollowAsync(cancellationToken),
    };

    // ---- QUEUED

    private async Task QueueAsync(CancellationToken cancellationToken)
    {
        ticket.OnMoved(_inbox.Wake);
        if (log.Snapshot.Last.MayHaveBeenCalled)
        {
            await ResolveCallAsync(cancellationToken);
            return;
        }

        if (_reattaching)
        {
            _reattaching = false;
            var place = ticket.Position;
            await log.RecordAsync(
                now => AtPosition(NextEvent.Of(now, OperationEventKind.Reattached, "The agent restarted before calling the host; the operation is queued again."), place), cancellationToken);
        }

        while (!ticket.Granted.IsCompleted)
        {
            _accepted = null;
            var position = ticket.Position;
            if (position > 0 && QueuePositionRule.IsWorthTelling(log.Snapshot.Last.QueuePosition, position))
            {
                await log.RecordAsync(now => AtPosition(NextEvent.Of(now, OperationEventKind.Queued, $"Waiting for a free slot, position {position}."), position), cancellationToken);
            }

            if (log.Snapshot.State.IsTerminal())
            {
                return;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(ticket.Granted, _inbox.WaitAsync(either.Token));
            await either.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        await CallAsync(OperationState.Queued, cancellationToken);
    }

    private static NextEvent AtPosition(NextEvent next, int position) => next with { Event = next.Event with { QueuePosition = position } };

    // ---- the call

    // The only way to the host's method: from QUEUED, or from STARTING when the previous call had no effect.
    private async Task CallAsync(OperationState from, CancellationToken cancellationToken)
    {
        if (log.Snapshot.State.IsTerminal())
        {
            return;
        }

        using var span = AgentTelemetry.Spans.StartActivity($"operation.call {kind.Name}", ActivityKind.Internal, OperationTrace.Of(Id));
        span?.SetTag("failback.operation.id", Id).SetTag("failback.operation.kind", kind.Name).SetTag("failback.vm.id", VmId).SetTag("failback.campaign.id", Campaign).SetTag("host.name", context.HostName);
        await ReachAsync(OperationCheckpoint.BeforeIntent, cancellationToken);
        PreparedCall call;
        try
        {
            call = TakeAccepted() ?? await kind.PrepareAsync(log.Snapshot.Facts.Request, cancellationToken);
        }
        catch (OperationRefusedException exception)
        {
            await ConcludeAsync(
                new OperationOutcome(OperationState.Failed, OutcomeBasis.Readiness, exception.Message, exception.Failure, exception.Failure.Retry), cancellationToken);
            return;
        }

        var intended = await log.RecordAsync(now => now.State == from ? Intent(now, call) : null, cancellationToken);
        if (intended is null)
        {
            return;
        }

        LogCalling(logger, intended.RecoveryPointIdentifier, Id, VmId, context.HostName, Campaign);
        await ReachAsync(OperationCheckpoint.BeforeCall, cancellationToken);
        MethodAnswer answer;
        using (var deadline = new CancellationTokenSource(context.Timing.CallDeadline, context.Time))
        {
            try
            {
                // Not cancelled when the agent stops: an interrupted call has an unknown outcome.
                answer = await call.InvokeAsync(deadline.Token);
            }
            catch (Exception exception) when (kind.JudgeCallError(exception, intended) is { } outcome)
            {
                LogCallRefused(logger, exception, Id, VmId, context.HostName, Campaign);
                await ConcludeAsync(outcome, cancellationToken);
                return;
            }
        }

        await ReachAsync(OperationCheckpoint.AfterCall, cancellationToken);
        await TakeAnswerAsync(answer, cancellationToken);
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
        var next = NextEvent.Of(now, OperationEventKind.Starting, $"Calling the host ({kind.Name}).", OperationState.Starting);
        return new NextEvent(
            next.Event with { ReplicationState = (int)call.Machine.ReplicationState },
            new OperationChange
            {
                Intent = new IntentEvidence(time, call.Machine.Relationship is null ? null : (int)call.Machine.ReplicationState, call.JobIds)
                {
                    Mode = (int)call.Machine.ReplicationMode,
                    Power = (int)call.Machine.EnabledState,
                    PowerSince = call.Machine.PowerSince,
                    Counter = IntentEvidence.CounterOf(context.Time),
                    TestMachines = call.TestMachines,
                },
                RecoveryPointIdentifier = call.RecoveryPointIdentifier,
                StartTime = time,
            });
    }

    private async Task TakeAnswerAsync(MethodAnswer answer, CancellationToken cancellationToken)
    {
        LogAnswered(logger, answer.ReturnCode, answer.Job, Id, VmId, context.HostName, Campaign);
        if (kind.NeedsProof && answer is { ReturnCode: CompletedCode, Job: null })
        {
            await log.RecordAsync(
                now => NextEvent.Of(now, OperationEventKind.Started, "The host took the call; waiting until the machine shows its effect.", OperationState.Running) with
                {
                    Change = new OperationChange { ReturnCode = answer.ReturnCode },
                },
                cancellationToken);
            return;
        }

        if (answer.ReturnCode is not (CompletedCode or JobStartedCode) || (answer is { ReturnCode: CompletedCode, Job: null }))
        {
            await ConcludeAsync(kind.JudgeReturnCode(answer.ReturnCode, log.Snapshot), cancellationToken, new OperationChange { ReturnCode = answer.ReturnCode });
            return;
        }

        if (answer.Job is null)
        {
            // Durable, so that the call is never repeated: it took effect. The job is searched for as after a lost answer.
            await log.RecordAsync(
                now => NextEvent.Of(now, OperationEventKind.Starting, "The host started a job without naming it; searching for it.") with
                {
                    Change = new OperationChange { ReturnCode = answer.ReturnCode },
                },
                cancellationToken);
            return;
        }

        await StartedAsync(
            answer.Job, JobSnapshots.Named(answer.Job), OperationEventKind.Started, "The host accepted the call and started a job.", answer.ReturnCode, cancellationToken, answer.TestMachine);
    }

    private Task<OperationSnapshot?> StartedAsync(
        CimObjectPath path, JobSnapshot job, OperationEventKind eventKind, string explanation, uint? returnCode, CancellationToken cancellationToken, string? testMachine = null)
        => log.RecordAsync(
            now => new NextEvent(
                NextEvent.Of(now, eventKind, explanation, OperationState.Running).Event with { Job = job, PercentComplete = job.PercentComplete, TestMachine = testMachine ?? now.Last.TestMachine },
                new OperationChange { JobPath = path.ToString(), ReturnCode = returnCode }),
            cancellationToken);

    private Task ReachAsync(OperationCheckpoint checkpoint, CancellationToken cancellationToken)
        => context.Checkpoint?.Invoke(checkpoint, log.Snapshot, cancellationToken) ?? Task.CompletedTask;

    private async Task ConcludeAsync(
        OperationOutcome outcome, CancellationToken cancellationToken, OperationChange? change = null, JobSnapshot? job = null, ReplicationState? state = null)
    {
        var (settled, testMachine) = await WithTestMachineAsync(
            outcome.State.IsSuccess() ? await kind.ConfirmAsync(outcome, log.Snapshot, cancellationToken) : outcome, cancellationToken);
        await ReachAsync(OperationCheckpoint.BeforeConclusion, cancellationToken);
        await log.RecordAsync(
            now =>
            {
                var next = NextEvent.Conclusion(now, settled);
                return new NextEvent(
                    next.Event with
                    {
                        Job = job ?? next.Event.Job,
                        TestMachine = testMachine ?? next.Event.TestMachine,
                        PercentComplete = settled.State.IsSuccess() ? 100 : job?.PercentComplete ?? next.Event.PercentComplete,
                        ReplicationState = (int?)state ?? next.Event.ReplicationState,
                    },
                    change ?? OperationChange.Nothing);
            },
            cancellationToken);
    }
}
