using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Jobs;

/// <summary>One operation's part in the host's only watch. Disposing ends it.</summary>
internal sealed class JobSubscription(JobWatch watch, VirtualMachineId machine, CimObjectPath? jobPath, Action<JobObservation> onObserved) : IDisposable
{
    private CimObjectPath? _jobPath = jobPath;
    private (JobState? State, int? Percent, bool Gone) _seen;

    /// <summary>The machine that is read along with the job.</summary>
    public VirtualMachineId Machine => machine;

    /// <summary>The job looked for; null once it is gone, when only the machine is left to look at.</summary>
    public CimObjectPath? JobPath => Volatile.Read(ref _jobPath);

    /// <summary>Reports to the operation what was seen. Quick, and never throws.</summary>
    public void OnObserved(JobObservation observation) => onObserved(observation);

    /// <summary>From now on only the machine is followed.</summary>
    public void ForgetJob() => Volatile.Write(ref _jobPath, null);

    /// <summary>Keeps what was seen, and says whether it differs from the time before.</summary>
    public bool Remember(ConcreteJob? job, bool gone)
    {
        var seen = (job?.State, job?.PercentComplete, gone);
        var changed = seen != _seen;
        _seen = seen;
        return changed;
    }

    /// <inheritdoc/>
    public void Dispose() => watch.Unsubscribe(this);
}

/// <summary>What one look at the host showed about one followed operation.</summary>
internal sealed record JobObservation
{
    /// <summary>The job; null when the operation has none, or it is gone.</summary>
    public ConcreteJob? Job { get; init; }

    /// <summary>The job was read by its path and is gone.</summary>
    public bool JobGone { get; init; }

    /// <summary>Whether the machines were read in this poll; only then does <see cref="Machine"/> mean anything.</summary>
    public bool MachinesRead { get; init; }

    /// <summary>The machine; null when it is not on this host.</summary>
    public VirtualMachine? Machine { get; init; }

    /// <summary>How long the host was unreachable before this poll; zero when it was not.</summary>
    public TimeSpan OutOfSight { get; init; }
}
