using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The unfinished jobs in the order they were accepted, and how they share the host's places and its link.</summary>
internal sealed class JobSchedule
{
    private readonly List<Job> _jobs = [];

    public int Count => _jobs.Count(job => !job.IsOccurrence);

    /// <summary>All of them, what is only going to happen included, in the order they came.</summary>
    public IReadOnlyList<Job> All => _jobs;

    /// <summary>The job whose present phase is done first, the older one of two; null when nothing is going to happen by itself.</summary>
    public Job? NextDue()
    {
        Job? next = null;
        foreach (var job in _jobs)
        {
            if (job.DueTicks < (next?.DueTicks ?? long.MaxValue))
            {
                next = job;
            }
        }

        return next;
    }

    public void Add(Job job) => _jobs.Add(job);

    public void Remove(Job job) => _jobs.Remove(job);

    /// <summary>Removes the host's jobs; what is going to happen to its machines stays.</summary>
    public void Clear() => _jobs.RemoveAll(job => !job.IsOccurrence);

    /// <summary>Removes everything about some machines.</summary>
    public void Clear(Func<VirtualMachine, bool> machines) => _jobs.RemoveAll(job => machines(job.Machine));

    /// <summary>Brings every job's progress up to now; to be called before anything changes that decides about rates.</summary>
    public void Settle(long now)
    {
        foreach (var job in _jobs)
        {
            job.Settle(now);
        }
    }

    /// <summary>Gives free places to the jobs that wait longest, and every transfer the same part of the link.</summary>
    public void Share(Pace pace, long now)
    {
        var places = pace.MaxConcurrentJobs ?? int.MaxValue;
        var transfers = 0;
        foreach (var job in _jobs)
        {
            places -= job.HasSlot ? 1 : 0;
        }

        foreach (var job in _jobs)
        {
            if (job.WantsSlot && places > 0)
            {
                job.TakeSlot(now);
                places--;
            }

            transfers += job.IsTransferring ? 1 : 0;
        }

        var share = FailbackWork.LinkBytesPerSecond(pace.LinkMegabitsPerSecond) / Math.Max(1, transfers);
        foreach (var job in _jobs)
        {
            job.SetRate(pace.Speed, share);
        }
    }
}

/// <summary>A job that begins by itself at its time, unless the relationship is no longer as it was when the job was asked for.</summary>
/// <param name="At">When.</param>
/// <param name="JobType">What it does.</param>
/// <param name="Plan">How.</param>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="From">The relationship's replication state.</param>
internal sealed record ScheduledWork(DateTimeOffset At, JobType JobType, JobPlan Plan, int Relationship, ReplicationState From);

/// <summary>Plans a job of another kind than failback: it takes its time and ends well.</summary>
internal static class OtherWork
{
    /// <param name="duration">In host time; null for a job that never ends.</param>
    public static JobPlan Plan(TimeSpan? duration) => new()
    {
        Phases = duration is { } time ? [new JobPhase(PhaseKind.Other, time.TotalSeconds, 1, 0, 100)] : [],
        Ending = new JobEnding(duration is null ? EndingKind.Holds : EndingKind.Ends),
    };
}

/// <summary>Something that is going to happen to a virtual machine by itself.</summary>
/// <param name="After">When, in host time from the simulation's beginning.</param>
/// <param name="Change">What.</param>
internal sealed record Occurrence(TimeSpan After, MachineChange Change);

/// <summary>What decides how fast jobs advance; may differ each time the host is opened.</summary>
/// <param name="Speed">How many times faster than the clock the host works.</param>
/// <param name="LinkMegabitsPerSecond">The link that transfers share.</param>
/// <param name="MaxConcurrentJobs">How many failback jobs run at once; null for no limit.</param>
internal sealed record Pace(double Speed, double LinkMegabitsPerSecond, int? MaxConcurrentJobs);
