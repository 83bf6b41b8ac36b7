using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>The unfinished jobs in order of acceptance, and how they share the host's slots and its link.</summary>
internal sealed class JobSchedule
{
    private readonly List<Job> _jobs = [];

    public int Count => _jobs.Count(job => !job.IsOccurrence);

    /// <summary>All of them in order, including scheduled events.</summary>
    public IReadOnlyList<Job> All => _jobs;

    /// <summary>The job whose current phase ends first, the older one on a tie; null when nothing is scheduled.</summary>
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

    /// <summary>Removes the host's jobs; scheduled events of its machines stay.</summary>
    public void Clear() => _jobs.RemoveAll(job => !job.IsOccurrence);

    /// <summary>Removes everything that belongs to some machines.</summary>
    public void Clear(Func<VirtualMachine, bool> machines) => _jobs.RemoveAll(job => machines(job.Machine));

    /// <summary>Brings every job's progress up to now; call before any change that affects rates.</summary>
    public void Settle(long now)
    {
        foreach (var job in _jobs)
        {
            job.Settle(now);
        }
    }

    /// <summary>Assigns free slots to the jobs that have waited longest, and divides the link equally among transfers.</summary>
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

        var share = FailbackWork.LinkBytesPerSecond(Math.Min(pace.LinkMegabitsPerSecond / Math.Max(1, transfers), pace.StreamMegabitsPerSecond ?? double.PositiveInfinity));
        foreach (var job in _jobs)
        {
            job.SetRate(pace.Speed, share);
        }
    }
}

/// <summary>Plans a job other than a failback: it runs for a time and succeeds.</summary>
internal static class OtherWork
{
    /// <param name="duration">In host time; null for a job that never ends.</param>
    public static JobPlan Plan(TimeSpan? duration) => new()
    {
        Phases = duration is { } time ? [new JobPhase(PhaseKind.Other, time.TotalSeconds, 1, 0, 100)] : [],
        Ending = new JobEnding(duration is null ? EndingKind.Holds : EndingKind.Ends),
    };
}

/// <summary>What determines how fast jobs progress; may differ each time the host is opened.</summary>
/// <param name="Speed">How many times faster than real time the host works.</param>
/// <param name="LinkMegabitsPerSecond">The link shared by transfers.</param>
/// <param name="MaxConcurrentJobs">Maximum concurrent failback jobs; null for no limit.</param>
/// <param name="StreamMegabitsPerSecond">What one transfer gets at most, whatever the link has; null for no limit.</param>
internal sealed record Pace(double Speed, double LinkMegabitsPerSecond, int? MaxConcurrentJobs, double? StreamMegabitsPerSecond = null);
