namespace HostAgent.HyperV.Simulation.World;

/// <content>Converts the whole state to one record, and back.</content>
internal sealed partial class HostWorld
{
    /// <summary>Summarizes the state. A world restored from the summary continues exactly as this one does.</summary>
    public HostSummary Summarize()
    {
        _schedule.Settle(Now);
        _schedule.Share(_pace, Now);
        var ended = _jobs.Values.Where(job => job.IsTerminal).OrderBy(job => job.Record.SubmittedTicks).ThenBy(job => job.Id);
        return new HostSummary(
            NowTime,
            _pace,
            [.. _machines.All.OrderBy(machine => machine.Replica is not null).Select(machine => machine.Summarize())],
            [.. ended.Concat(_schedule.All).Select(job => job.Record)],
            [.. _initiations],
            _faultCounters.Summarize(),
            Server.Summarize(),
            IsDown,
            _sent,
            Received,
            _outbox.Count == 0 ? null : [.. _outbox],
            Booted);
    }

    private void Restore(HostSummary summary)
    {
        Now = summary.Time.UtcTicks;
        _pace = summary.Pace;
        IsDown = summary.IsDown;
        Booted = summary.Booted;
        _sent = summary.Sent;
        Received = summary.Received;
        _held.Clear();
        _outbox.Clear();
        _outbox.AddRange(summary.Outbox ?? []);
        foreach (var machine in summary.Machines)
        {
            var restored = machine.ReplicaId is { } replica ? AddTestReplica(Require(replica), machine.Id, machine.Began)
                : machine.Placeholder is { } placeholder ? AddPlaceholder(placeholder, machine.Began)
                : Require(machine.Id);
            restored.Restore(machine);
        }

        RestoreJobs(summary);
        _initiations.Clear();
        _initiationsByMachine.Clear();
        foreach (var initiation in summary.Initiations)
        {
            _initiations.Add(initiation);
            _initiationsByMachine[initiation.VirtualMachineId] = InitiationsOf(initiation.VirtualMachineId) + 1;
        }

        _faultCounters.Restore(summary.Strikes);
        Server.Apply(summary.Server);
        _schedule.Share(_pace, Now);
    }

    // A machine added to the estate after the summary keeps its own initial plan.
    private void RestoreJobs(HostSummary summary)
    {
        var known = summary.Machines.Select(machine => machine.Id).ToHashSet();
        _schedule.Clear(machine => known.Contains(machine.Id));
        foreach (var job in _jobs.Values.Where(job => known.Contains(job.Machine.Id)).ToList())
        {
            Forget(job);
        }

        foreach (var kept in summary.Jobs)
        {
            var job = new Job(kept, Require(kept.MachineId));
            if (!job.IsOccurrence)
            {
                _jobs.Add(job.Id, job);
                job.Machine.Add(job);
            }

            if (job.IsTerminal)
            {
                _ended.Enqueue(job, job.Record.RemoveAtTicks);
            }
            else
            {
                _schedule.Add(job);
            }
        }
    }
}
