using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

/// <content>The lives of jobs: how they begin, what they do at the other side, and how they end.</content>
internal sealed partial class HostWorld
{
    private void Begin(Job job)
    {
        Add(job);
        if (job.AtStart is { } change)
        {
            Change(job.Machine, change);
        }
    }

    private void Begin(FailbackInitiated initiated)
    {
        var machine = Require(initiated.VirtualMachineId);
        _faultCounters.Count(initiated.VirtualMachineId, initiated.Strikes);
        _initiationsByMachine[machine.Id] = InitiationsOf(machine.Id) + 1;
        _initiations.Add(initiated.ToInitiation());
        if (initiated is { JobId: { } job, Plan: { } plan })
        {
            Add(new Job(job, JobType.InitiateFailback, machine, plan, Now));
            machine.EnterReplicationState(ReplicationState.FailbackInProgress, NowTime);
        }
        else
        {
            machine.EnterReplicationState(ReplicationState.FailbackComplete, NowTime);
        }
    }

    private void Add(Job job)
    {
        _jobs.Add(job.Id, job);
        _schedule.Add(job);
        job.Machine.Add(job);
    }

    private void Conclude(Job job)
    {
        switch (job.Ending.Kind)
        {
            case EndingKind.Ends:
                Reach(job);
                End(job, job.Ending.JobState);
                _decided.Add(new JobEnded(NowTime, job.Id, job.Ending.JobState, job.Ending.ErrorCode));
                break;
            case EndingKind.Vanishes:
                Vanish(job);
                _decided.Add(new JobVanished(NowTime, job.Id));
                break;
            case EndingKind.HostRestarts:
                Restart();
                _decided.Add(new HostRestarted(NowTime));
                break;
        }
    }

    // Their records were lost with the process that was about to write them.
    private void ConcludeHeld()
    {
        foreach (var job in _held.Where(job => !job.IsTerminal && FindJob(job.Id) == job))
        {
            Conclude(job);
        }

        _held.Clear();
    }

    // What the job does at the other side, or its failure when it is not reached.
    private void Reach(Job job)
    {
        if (Peer is not { } peer || job.Ending is not { JobState: JobState.Completed, Peer: { } effect })
        {
            return;
        }

        var reach = peer.Reach(job.Record.SubmittedTicks);
        var other = peer.Find(job.Machine.Id);
        if (reach != PeerReach.No && other is null == effect.Creates)
        {
            Send(job.Machine, other, effect);
            if (effect.Fetches && reach == PeerReach.Yes)
            {
                job.EndOtherwise(job.Ending with { Change = (job.Ending.Change ?? new MachineChange()) with { Content = other?.Exported } });
                _decided.Add(new JobCut(NowTime, job.Id, job.Ending));
            }
        }
        else
        {
            reach = PeerReach.No;
        }

        if (reach != PeerReach.Yes)
        {
            job.EndOtherwise(new JobEnding(EndingKind.Ends) { JobState = JobState.Exception, ErrorCode = (ushort)ReturnCode.SystemNotAvailable, Change = effect.Unreached });
            _decided.Add(new JobCut(NowTime, job.Id, job.Ending));
        }
    }

    private void Send(VirtualMachine machine, VirtualMachine? other, PeerEffect effect)
    {
        var content = machine.ContentAt(NowTime);
        var change = new MachineChange
        {
            Mode = effect.Mode,
            ReplicationState = effect.State,
            Received = effect.Sends,
            Content = effect.Sends is null ? null : content,
            // Changes are laid over what the other side has. Disks with writes of their own become parts of two histories, unless all blocks were compared.
            IsMixed = other is not null && effect is { Mode: not null, State: ReplicationState.Replicating } ? other.IsMixed || !content.Contains(other.ContentAt(NowTime)) : effect.Sends is null ? null : machine.IsMixed,
        };
        var sent = new PeerMessageSent(NowTime, ++_sent, machine.Id, effect.Creates ? new MachineChange { IsHere = true, Content = [] } : change)
        {
            Creates = effect.Creates ? Placeholder.Of(machine) : null,
        };
        _outbox.Add(sent);
        _decided.Add(sent);
    }

    private void End(Job job, JobState state)
    {
        var retention = TimeSpan.FromTicks((long)(JobRetention.Ticks / _pace.Speed));
        job.End(state, Now, Now + Math.Max(retention.Ticks, _minimumRetention.Ticks));
        _schedule.Remove(job);
        _ended.Enqueue(job, job.Record.RemoveAtTicks);
        SetReplicationState(job);
    }

    private void Vanish(Job job)
    {
        _schedule.Remove(job);
        Forget(job);
        SetReplicationState(job);
    }

    private void Restart()
    {
        foreach (var job in _jobs.Values.ToList())
        {
            Forget(job);
        }

        _schedule.Clear();
        _ended.Clear();
    }

    private void Forget(Job job)
    {
        _jobs.Remove(job.Id);
        job.Machine.Remove(job);
    }

    private void SetReplicationState(Job job)
    {
        if (job.Ending.ReplicationState is { } state)
        {
            job.Machine.EnterReplicationState(state, NowTime);
        }

        if (job.Ending.Change is { } change)
        {
            Change(job.Machine, change);
        }
    }
}
