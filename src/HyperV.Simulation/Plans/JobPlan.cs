using System.Text.Json.Serialization;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Plans;

/// <summary>
/// Everything a job will do, decided on acceptance and kept in the state file: editing the estate does not change a running
/// job.
/// </summary>
internal sealed record JobPlan
{
    public required IReadOnlyList<JobPhase> Phases { get; init; }

    /// <summary>The change to the machine when the job starts; null for none.</summary>
    public MachineChange? AtStart { get; init; }

    public required JobEnding Ending { get; init; }

    /// <summary>The job's class; null for Msvm_ConcreteJob.</summary>
    public SimulatedJobClass? JobClass { get; init; }

    public PercentCurve Percent { get; init; } = new();

    /// <summary>The replication state after a failure; null for no change.</summary>
    public ReplicationState? StateAfterFailure { get; init; }

    /// <summary>The replication state after a cancellation; null for no change.</summary>
    public ReplicationState? StateAfterCancel { get; init; }

    /// <summary>What else is restored after a cancellation; null for nothing.</summary>
    public MachineChange? AfterCancel { get; init; }

    /// <summary>The same plan, stopping at a percentage.</summary>
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

/// <summary>One phase of a job's work.</summary>
/// <param name="Kind">The kind of work.</param>
/// <param name="Work">The amount: seconds of host time, or bytes.</param>
/// <param name="Rate">Work per second of host time; unused for <see cref="PhaseKind.Transfer"/>, whose rate is its share of the link.</param>
/// <param name="From">The percentage at its start.</param>
/// <param name="To">The percentage at its end.</param>
internal sealed record JobPhase(PhaseKind Kind, double Work, double Rate, double From, double To)
{
    public double PercentAt(double done) => Work <= 0 ? To : From + ((To - From) * Math.Clamp(done / Work, 0, 1));
}

[JsonConverter(typeof(JsonStringEnumConverter<PhaseKind>))]
internal enum PhaseKind
{
    /// <summary>Accepted, not started (JobState New).</summary>
    Submit,

    /// <summary>Starting (JobState Starting); waits in New while the host's job limit is reached.</summary>
    Start,

    /// <summary>Comparing blocks with the primary site.</summary>
    Compare,

    /// <summary>Sending the differing blocks over the shared link.</summary>
    Transfer,

    /// <summary>Merging; not cancellable from here on.</summary>
    Merge,

    /// <summary>Other work with a duration.</summary>
    Other,

    /// <summary>Terminating on request (JobState ShuttingDown).</summary>
    Stop,
}

/// <summary>How a job ends.</summary>
/// <param name="Kind">What happens when its work is done.</param>
internal sealed record JobEnding(EndingKind Kind)
{
    public JobState JobState { get; init; } = JobState.Completed;

    public ushort ErrorCode { get; init; }

    /// <summary>The error text; null for one that matches the code.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>Further changes to the machine; null for none.</summary>
    public MachineChange? Change { get; init; }

    /// <summary>The new replication state; null for no change.</summary>
    public ReplicationState? ReplicationState { get; init; }

    /// <summary>What it does to the same machine on the linked host; null for nothing. A job that cannot reach that host fails.</summary>
    public PeerEffect? Peer { get; init; }
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

/// <summary>How a job's actual progress maps to PercentComplete.</summary>
internal sealed record PercentCurve
{
    /// <summary>Shows 0 until the job is done.</summary>
    public bool Jumps { get; init; }

    /// <summary>The actual percentage at which the shown one drops; null for never.</summary>
    public double? DropsAt { get; init; }

    public double DropsBy { get; init; }

    /// <summary>The percentage shown while the job is not done; never 100.</summary>
    public ushort Show(double percent)
    {
        var shown = Jumps ? 0
            : DropsAt is { } at && percent >= at ? percent - DropsBy + (DropsBy * (percent - at) / (100 - at))
            : percent;
        return (ushort)Math.Clamp(Math.Floor(shown + 1e-9), 0, 99);
    }
}

/// <summary>What a job does to the machine on the linked host when it succeeds.</summary>
internal sealed record PeerEffect
{
    /// <summary>The machine's new mode; null for no change.</summary>
    public ReplicationMode? Mode { get; init; }

    /// <summary>Its new replication state; null for no change.</summary>
    public ReplicationState? State { get; init; }

    /// <summary>The kind of replication that brings this side's writes; null when none are sent.</summary>
    public ReplicationType? Sends { get; init; }

    /// <summary>Whether it creates the machine there, which waits for its first copy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Creates { get; init; }

    /// <summary>Whether this side gets what the other one has exported.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Fetches { get; init; }

    /// <summary>What becomes of this side when the other cannot be reached; null for no change.</summary>
    public MachineChange? Unreached { get; init; }
}

/// <summary>The job classes other than Msvm_ConcreteJob.</summary>
public enum SimulatedJobClass
{
    /// <summary>Msvm_StorageJob.</summary>
    StorageJob,

    /// <summary>Msvm_MigrationJob.</summary>
    MigrationJob,
}
