namespace HostAgent.HyperV.Simulation.Internal.World;

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
