using System.Text.Json.Serialization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// Everything a job is going to do, decided when it is accepted and kept in the state file: how a job goes on is
/// not changed by an estate that is edited while it runs.
/// </summary>
internal sealed record JobPlan
{
    public required IReadOnlyList<JobPhase> Phases { get; init; }

    /// <summary>What changes about the machine as the job begins; null for nothing.</summary>
    public MachineChange? AtStart { get; init; }

    public required JobEnding Ending { get; init; }

    /// <summary>The job's class; null for Msvm_ConcreteJob.</summary>
    public SimulatedJobClass? JobClass { get; init; }

    public PercentCurve Percent { get; init; } = new();

    /// <summary>The replication state after a failure; null leaves it.</summary>
    public ReplicationState? StateAfterFailure { get; init; }

    /// <summary>The replication state after a cancellation; null leaves it.</summary>
    public ReplicationState? StateAfterCancel { get; init; }

    /// <summary>What else is as it was before, after a cancellation; null for nothing.</summary>
    public MachineChange? AfterCancel { get; init; }

    /// <summary>The same plan, whose work stops at a percentage.</summary>
    public JobPlan CutAt(double percent)
    {
        var kept = new List<JobPhase>(Phases.Count);
        foreach (var phase in Phases)
        {
            if (phase.To <= percent)
            {
                kept.Add(phase);
            }
            else if (phase.From < percent)
            {
                var share = (percent - phase.From) / (phase.To - phase.From);
                kept.Add(phase with { Work = phase.Work * share, To = percent });
            }
        }

        return this with { Phases = kept };
    }
}

/// <summary>One stretch of a job's work.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Work">How much: seconds of host time, or bytes.</param>
/// <param name="Rate">Work per second of host time; unused for <see cref="PhaseKind.Transfer"/>, whose rate is its share of the link.</param>
/// <param name="From">The percentage it begins at.</param>
/// <param name="To">The percentage it ends at.</param>
internal sealed record JobPhase(PhaseKind Kind, double Work, double Rate, double From, double To)
{
    public double PercentAt(double done) => Work <= 0 ? To : From + ((To - From) * Math.Clamp(done / Work, 0, 1));
}

[JsonConverter(typeof(JsonStringEnumConverter<PhaseKind>))]
internal enum PhaseKind
{
    /// <summary>Accepted, not begun (JobState New).</summary>
    Submit,

    /// <summary>Beginning (JobState Starting); waits in New while the host has no room for a further job.</summary>
    Start,

    /// <summary>Comparing blocks with the primary site.</summary>
    Compare,

    /// <summary>Sending differing blocks over the shared link.</summary>
    Transfer,

    /// <summary>Merging; from here on there is no way back.</summary>
    Merge,

    /// <summary>Work of another kind, which takes its time.</summary>
    Other,

    /// <summary>Ending because somebody asked for it (JobState ShuttingDown).</summary>
    Stop,
}

/// <summary>How a job ends.</summary>
/// <param name="Kind">What happens when its work is done.</param>
internal sealed record JobEnding(EndingKind Kind)
{
    public JobState JobState { get; init; } = JobState.Completed;

    public ushort ErrorCode { get; init; }

    /// <summary>The error text; null for one that fits the code.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>What else changes about the machine; null for nothing.</summary>
    public MachineChange? Change { get; init; }

    /// <summary>The replication state set; null leaves it.</summary>
    public ReplicationState? ReplicationState { get; init; }
}

/// <summary>What happens when a job's work is done.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndingKind>))]
internal enum EndingKind
{
    Ends,

    /// <summary>Nothing: it stays as it is until it is cancelled.</summary>
    Holds,

    Vanishes,

    /// <summary>The management service restarts: all jobs are gone.</summary>
    HostRestarts,
}

/// <summary>How a job's true progress is shown as PercentComplete.</summary>
internal sealed record PercentCurve
{
    /// <summary>Shows 0 until the job is done.</summary>
    public bool Jumps { get; init; }

    /// <summary>The true percentage at which the shown one drops; null for never.</summary>
    public double? DropsAt { get; init; }

    public double DropsBy { get; init; }

    /// <summary>The percentage shown while the job is not done: never 100.</summary>
    public ushort Show(double percent)
    {
        var shown = Jumps ? 0
            : DropsAt is { } at && percent >= at ? percent - DropsBy + (DropsBy * (percent - at) / (100 - at))
            : percent;
        return (ushort)Math.Clamp(Math.Floor(shown + 1e-9), 0, 99);
    }
}
