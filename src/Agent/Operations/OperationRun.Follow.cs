using System.Globalization;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;

namespace HostAgent.Agent.Operations;

/// <content>RUNNING: follows the job to its end; where it has no job, the machine's replication state decides.</content>
internal sealed partial class OperationRun
{
    private int? _percentShown;
    private long? _doubtSince;

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var gone = log.Snapshot.Last.Job is { Gone: true };
        var path = gone || log.Snapshot.JobPath is not { } text ? null : CimObjectPath.Parse(text);
        _percentShown = log.Snapshot.Last.PercentComplete;
        using var subscription = context.Watch.Follow(_machine, path, _inbox.OnObserved);
        var stillSince = context.Time.GetTimestamp();
        var quiet = context.NoProgressAfter;
        while (!log.Snapshot.State.IsTerminal())
        {
            if (log.Snapshot.JobPath is { } next && next != path?.ToString() && log.Snapshot.Last.Job is { Gone: false })
            {
                // The operation goes on with another job.
                return;
            }

            await WaitForNewsAsync(context.NoProgressAfter, cancellationToken);
            if (_inbox.Take() is { } observation && await TakeObservationAsync(observation, subscription, cancellationToken))
            {
                stillSince = context.Time.GetTimestamp();
                quiet = context.NoProgressAfter;
            }
            else if (subscription.JobPath is null && kind.JudgeTime(log.Snapshot, log.Snapshot.Intent?.MeasuredAt(context.Time) ?? TimeSpan.Zero) is { } late)
            {
                await ConcludeAsync(late, cancellationToken);
            }
            else if (context.Time.GetElapsedTime(stillSince) is var still && still >= quiet)
            {
                // Reported only: a failback may take long. The interval doubles, so that a job that hangs for days stays readable.
                quiet *= 2;
                LogNoProgress(logger, still, Id, VmId, context.HostName, Campaign);
                await RecordAsync(OperationEventKind.JobState, $"No progress for {Text(still)}; {CancelRule.StillWatching(log.Snapshot)}", cancellationToken);
            }
        }
    }

    private async Task WaitForNewsAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(atMost, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _inbox.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No news; the caller reports it.
        }
    }

    // True when something has changed.
    private async Task<bool> TakeObservationAsync(JobObservation observation, JobSubscription subscription, CancellationToken cancellationToken)
    {
        var changed = await ReattachAsync(observation, cancellationToken);
        if (observation.Job is { } job)
        {
            if (kind.JudgeJob(job, log.Snapshot) is { } outcome)
            {
                if (kind.NeedsProof && outcome.State.IsSuccess())
                {
                    subscription.ForgetJob();
                    return await GoOnAsync(job, cancellationToken);
                }

                await ConcludeByJobAsync(job, outcome, cancellationToken);
                return true;
            }

            if (job.IsTerminal)
            {
                // Ended, but its work may continue (killed): only the replication state decides.
                subscription.ForgetJob();
                return await JudgeMachineAsync(await ReadAsync(cancellationToken), $"its job {job.InstanceId} ended as {Numbered.Text(job.State)}, which does not tell the result", cancellationToken);
            }

            changed |= await TakeJobAsync(job, cancellationToken);
            await ReachAsync(OperationCheckpoint.JobAtWork, cancellationToken);
        }
        else if (observation.JobGone && subscription.JobPath is { } path)
        {
            subscription.ForgetJob();
            await RecordAsync(
                OperationEventKind.JobState,
                "The job is no longer on the host; the replication state decides the outcome.",
                cancellationToken,
                now => now with { Job = (now.Job ?? JobSnapshots.Named(path)) with { State = null, Gone = true } });
            return await JudgeMachineAsync(await ReadAsync(cancellationToken), "its job is gone", cancellationToken);
        }

        if (observation.MachinesRead)
        {
            changed |= await TakeMachineAsync(observation.Machine, cancellationToken);
            if (subscription.JobPath is null)
            {
                changed |= await JudgeMachineAsync(observation.Machine, "it has no job", cancellationToken);
            }
        }

        return changed;
    }

    // The job has ended well; its effect may take another job, or may show in the machine only.
    private async Task<bool> GoOnAsync(ConcreteJob ended, CancellationToken cancellationToken)
    {
        var others = await context.Host.ListJobsAsync(_machine, cancellationToken);
        if (others.FirstOrDefault(job => !job.IsTerminal && job.InstanceId != ended.InstanceId && kind.GoesOnWith(job)) is { } next)
        {
            await StartedAsync(next.Path, JobSnapshots.Of(next), OperationEventKind.JobState, $"The job {ended.InstanceId} has ended; the operation goes on with job {next.InstanceId}.", returnCode: null, cancellationToken);
            return true;
        }

        var snapshot = JobSnapshots.Of(ended) with { Gone = true };
        await RecordAsync(OperationEventKind.JobState, "The host's job completed; waiting until the machine shows its effect.", cancellationToken, now => now with { Job = snapshot });
        return await JudgeMachineAsync(await ReadAsync(cancellationToken), "its job completed", cancellationToken);
    }

    private async Task<bool> ReattachAsync(JobObservation observation, CancellationToken cancellationToken)
    {
        var restarted = _reattaching;
        _reattaching = false;
        if (!restarted && observation.OutOfSight == TimeSpan.Zero)
        {
            return false;
        }

        var why = restarted ? "The agent restarted" : $"The host could not be asked for {Text(observation.OutOfSight)}";
        var found = observation switch
        {
            { Job: { } job } => $"reattached to its job, {Numbered.Text(job.State)}",
            { JobGone: true } => "the job is no longer on the host",
            _ => "watching the replication state",
        };
        var snapshot = observation.Job is { } seen ? JobSnapshots.Of(seen) : null;
        await RecordAsync(
            OperationEventKind.Reattached,
            $"{why}: {found}.",
            cancellationToken,
            now => now with { Job = snapshot ?? now.Job, PercentComplete = snapshot?.PercentComplete ?? now.PercentComplete });
        _percentShown = log.Snapshot.Last.PercentComplete;
        return true;
    }

    private async Task<bool> TakeJobAsync(ConcreteJob job, CancellationToken cancellationToken)
    {
        var snapshot = JobSnapshots.Of(job);
        var percent = snapshot.PercentComplete ?? _percentShown;
        var backwards = percent < _percentShown ? $"The host's percentage dropped from {_percentShown} to {percent}." : "";
        if (log.Snapshot.Last.Job?.State != snapshot.State)
        {
            var explanation = job.Verdict is JobVerdict.Unrecognized
                ? $"The host reports the job in state {Numbered.Text(job.State)}, which is not documented; watching until the state is a known one or the job is gone."
                : $"The job is {Numbered.Text(job.State)}.";
            await RecordAsync(
                OperationEventKind.JobState, $"{explanation} {backwards}".TrimEnd(), cancellationToken, now => now with { Job = snapshot, PercentComplete = percent });
            _percentShown = percent;
            return true;
        }

        if (percent == _percentShown)
        {
            return false;
        }

        log.ShowPercent(log.Snapshot.Sequence, percent!.Value, snapshot, backwards);
        _percentShown = percent;
        return true;
    }

    private async Task<bool> TakeMachineAsync(VirtualMachine? machine, CancellationToken cancellationToken)
    {
        if (machine?.Relationship is null || (int)machine.ReplicationState == log.Snapshot.Last.ReplicationState)
        {
            return false;
        }

        await RecordAsync(
            OperationEventKind.ReplicationState,
            $"The machine's replication state is {Numbered.Text(machine.ReplicationState)}.",
            cancellationToken,
            now => now with { ReplicationState = (int)machine.ReplicationState });
        return true;
    }

    private async Task<bool> JudgeMachineAsync(VirtualMachine? machine, string why, CancellationToken cancellationToken)
    {
        var shown = MachineShown.Of(machine);
        var doubted = _doubtSince is { } since ? context.Time.GetElapsedTime(since) : TimeSpan.Zero;
        switch (JoblessOutcomeRule.Judge(kind, log.Snapshot.Intent, shown, doubted, context.Timing))
        {
            case JoblessVerdict.AtWork when !kind.NeedsProof && log.Snapshot.CancelReason is { } reason && doubted >= context.Timing.UndecidedGracePeriod:
                await ConcludeAsync(CancelRule.GivenUp(log.Snapshot, reason), cancellationToken, state: shown?.State);
                return true;
            case JoblessVerdict.AtWork when !kind.NeedsProof && log.Snapshot.CancelReason is not null:
                // The job that was to be terminated is gone: what the machine shows may stay for ever, and a person has said that it is not waited for.
                _doubtSince ??= context.Time.GetTimestamp();
                return false;
            case JoblessVerdict.AtWork:
                _doubtSince = null;
                return false;
            case JoblessVerdict.InDoubt:
                _doubtSince ??= context.Time.GetTimestamp();
                return false;
            case JoblessVerdict.Done done:
                await ConcludeAsync(
                    new OperationOutcome(OperationState.Succeeded, OutcomeBasis.ReplicationState, $"Succeeded: {why}, and {done.Reason}.", Failure: null, Retry: null), cancellationToken, state: shown?.State);
                return true;
            case JoblessVerdict.Undecided undecided:
                await ConcludeAsync(Unknown($"{why}, and {undecided.Reason}"), cancellationToken, state: shown?.State);
                return true;
            case var verdict:
                throw new InvalidOperationException($"Unhandled verdict {verdict}.");
        }
    }

    private async Task ConcludeByJobAsync(ConcreteJob job, OperationOutcome outcome, CancellationToken cancellationToken)
    {
        var errors = outcome.State.IsSuccess() ? [] : await ReadErrorsAsync(job, cancellationToken);
        var machine = await ReadAsync(cancellationToken);
        await ConcludeAsync(
            outcome, cancellationToken, job: JobSnapshots.Of(job, errors), state: machine?.Relationship is null ? null : machine.ReplicationState);
    }

    // The outcome is already certain; a failure to read its errors must not delay it.
    private async Task<IReadOnlyList<string>> ReadErrorsAsync(ConcreteJob job, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await context.Host.GetJobErrorsAsync(job.Path, cancellationToken)).Select(error => error.Message)];
        }
        catch (CimException exception)
        {
            LogErrorsNotRead(logger, exception, job.InstanceId, Id, VmId, context.HostName, Campaign);
            return [];
        }
    }

    private Task<VirtualMachine?> ReadAsync(CancellationToken cancellationToken) => context.Host.FindVirtualMachineAsync(_machine, cancellationToken);

    private Task<OperationSnapshot?> RecordAsync(
        OperationEventKind eventKind, string explanation, CancellationToken cancellationToken, Func<OperationEvent, OperationEvent>? more = null)
        => log.RecordAsync(
            now =>
            {
                var next = NextEvent.Of(now, eventKind, explanation);
                return more is null ? next : next with { Event = more(next.Event) };
            },
            cancellationToken);

    private static string Text(TimeSpan span) => span.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
