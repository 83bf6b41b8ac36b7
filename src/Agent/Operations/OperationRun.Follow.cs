using System.Globalization;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Operations.Recovery;
using HostAgent.HyperV;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations;

/// <content>RUNNING: follows the job to its end; where there is no job to ask, the machine's replication state decides.</content>
internal sealed partial class OperationRun
{
    private int? _percentShown;
    private long? _doubtSince;

    private async Task FollowAsync(CancellationToken stop)
    {
        var gone = log.Snapshot.Last.Job is { Gone: true };
        var path = gone || log.Snapshot.JobPath is not { } text ? null : CimObjectPath.Parse(text);
        _percentShown = log.Snapshot.Last.PercentComplete;
        using var following = context.Watch.Follow(_machine, path, _inbox.OnObserved);
        var stillSince = context.Time.GetTimestamp();
        var quiet = context.NoProgressAfter;
        while (!log.Snapshot.State.IsTerminal())
        {
            await WaitForNewsAsync(context.NoProgressAfter, stop);
            if (_inbox.Take() is { } sighting && await LookAsync(sighting, following, stop))
            {
                stillSince = context.Time.GetTimestamp();
                quiet = context.NoProgressAfter;
            }
            else if (context.Time.GetElapsedTime(stillSince) is var still && still >= quiet)
            {
                // Said, not concluded: a failback may rightly take long. Ever more rarely, so that a job that hangs for days stays readable.
                quiet *= 2;
                LogNoProgress(logger, still, Id, VmId, context.HostName, Campaign);
                await RecordAsync(OperationEventKind.JobState, $"The host has shown no progress for {Text(still)}; it is followed further.", stop);
            }
        }
    }

    private async Task WaitForNewsAsync(TimeSpan atMost, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(atMost, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await _inbox.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nothing was heard for so long; the caller says so.
        }
    }

    // True when something has changed.
    private async Task<bool> LookAsync(JobObservation sighting, JobSubscription following, CancellationToken stop)
    {
        var changed = await ReattachAsync(sighting, stop);
        if (sighting.Job is { } job)
        {
            if (kind.JudgeJob(job, log.Snapshot) is { } outcome)
            {
                await ConcludeByJobAsync(job, outcome, stop);
                return true;
            }

            if (job.IsTerminal)
            {
                // Ended, but its work may go on (killed): only the machine can tell.
                following.ForgetJob();
                return await JudgeMachineAsync(await ReadAsync(stop), $"its job {job.InstanceId} ended as {Numbered.Text(job.State)}, which does not say what became of the work", stop);
            }

            changed |= await TakeJobAsync(job, stop);
            await ReachAsync(OperationCheckpoint.JobAtWork, stop);
        }
        else if (sighting.JobGone && following.JobPath is { } path)
        {
            following.ForgetJob();
            await RecordAsync(
                OperationEventKind.JobState,
                "The host no longer has the job; the machine's replication state decides.",
                stop,
                now => now with { Job = (now.Job ?? JobSnapshots.Named(path)) with { State = null, Gone = true } });
            return await JudgeMachineAsync(await ReadAsync(stop), "its job is gone", stop);
        }

        if (sighting.MachinesRead)
        {
            changed |= await TakeMachineAsync(sighting.Machine, stop);
            if (following.JobPath is null)
            {
                changed |= await JudgeMachineAsync(sighting.Machine, "there is no job to ask", stop);
            }
        }

        return changed;
    }

    private async Task<bool> ReattachAsync(JobObservation sighting, CancellationToken stop)
    {
        var restarted = _reattaching;
        _reattaching = false;
        if (!restarted && sighting.OutOfSight == TimeSpan.Zero)
        {
            return false;
        }

        var why = restarted ? "The agent was restarted" : $"The host could not be asked for {Text(sighting.OutOfSight)}";
        var found = sighting switch
        {
            { Job: { } job } => $"the job was found again, {Numbered.Text(job.State)}",
            { JobGone: true } => "the job is not on the host any more",
            _ => "the machine's replication state is followed",
        };
        var snapshot = sighting.Job is { } seen ? JobSnapshots.Of(seen) : null;
        await RecordAsync(
            OperationEventKind.Reattached,
            $"{why}: {found}.",
            stop,
            now => now with { Job = snapshot ?? now.Job, PercentComplete = snapshot?.PercentComplete ?? now.PercentComplete });
        _percentShown = log.Snapshot.Last.PercentComplete;
        return true;
    }

    private async Task<bool> TakeJobAsync(ConcreteJob job, CancellationToken stop)
    {
        var snapshot = JobSnapshots.Of(job);
        var percent = snapshot.PercentComplete ?? _percentShown;
        var backwards = percent < _percentShown ? $"The host's percentage went back from {_percentShown} to {percent}." : "";
        if (log.Snapshot.Last.Job?.State != snapshot.State)
        {
            var explanation = job.Verdict is JobVerdict.Unrecognized
                ? $"The host reports the job in state {Numbered.Text(job.State)}, which is not published; it is followed until the state is a known one or the job is gone."
                : $"The job is {Numbered.Text(job.State)}.";
            await RecordAsync(
                OperationEventKind.JobState, $"{explanation} {backwards}".TrimEnd(), stop, now => now with { Job = snapshot, PercentComplete = percent });
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

    private async Task<bool> TakeMachineAsync(VirtualMachine? machine, CancellationToken stop)
    {
        if (machine?.Relationship is null || (int)machine.ReplicationState == log.Snapshot.Last.ReplicationState)
        {
            return false;
        }

        await RecordAsync(
            OperationEventKind.ReplicationState,
            $"The machine's replication state is {Numbered.Text(machine.ReplicationState)}.",
            stop,
            now => now with { ReplicationState = (int)machine.ReplicationState });
        return true;
    }

    private async Task<bool> JudgeMachineAsync(VirtualMachine? machine, string why, CancellationToken stop)
    {
        ReplicationState? state = machine?.Relationship is null ? null : machine.ReplicationState;
        var doubted = _doubtSince is { } since ? context.Time.GetElapsedTime(since) : TimeSpan.Zero;
        switch (JoblessOutcomeRule.Judge(kind, log.Snapshot.Intent, machine is not null, state, doubted, context.Timing))
        {
            case JoblessVerdict.AtWork:
                _doubtSince = null;
                return false;
            case JoblessVerdict.InDoubt:
                _doubtSince ??= context.Time.GetTimestamp();
                return false;
            case JoblessVerdict.Done done:
                await ConcludeAsync(
                    new OperationOutcome(OperationState.Succeeded, OutcomeBasis.ReplicationState, $"Succeeded: {why}, and {done.Reason}.", Failure: null, RetryAdvice.None), stop, state: state);
                return true;
            case JoblessVerdict.Undecided undecided:
                await ConcludeAsync(Unknown($"{why}, and {undecided.Reason}"), stop, state: state);
                return true;
            case var verdict:
                throw new InvalidOperationException($"Unhandled verdict {verdict}.");
        }
    }

    private async Task ConcludeByJobAsync(ConcreteJob job, OperationOutcome outcome, CancellationToken stop)
    {
        var errors = outcome.State.IsSuccess() ? [] : await ReadErrorsAsync(job, stop);
        var machine = await ReadAsync(stop);
        await ConcludeAsync(
            outcome, stop, job: JobSnapshots.Of(job, errors), state: machine?.Relationship is null ? null : machine.ReplicationState);
    }

    // The errors explain an ending that is already certain: not being able to read them must not hold it back.
    private async Task<IReadOnlyList<string>> ReadErrorsAsync(ConcreteJob job, CancellationToken stop)
    {
        try
        {
            return [.. (await context.Host.GetJobErrorsAsync(job.Path, stop)).Select(error => error.Message)];
        }
        catch (CimException e)
        {
            LogErrorsNotRead(logger, e, job.InstanceId, Id, VmId, context.HostName, Campaign);
            return [];
        }
    }

    private Task<VirtualMachine?> ReadAsync(CancellationToken stop) => context.Host.FindVirtualMachineAsync(_machine, stop);

    private Task<OperationSnapshot?> RecordAsync(
        OperationEventKind eventKind, string explanation, CancellationToken stop, Func<OperationEvent, OperationEvent>? more = null)
        => log.RecordAsync(
            now =>
            {
                var next = NextEvent.Of(now, eventKind, explanation);
                return more is null ? next : next with { Event = more(next.Event) };
            },
            stop);

    private static string Text(TimeSpan span) => span.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);
}
