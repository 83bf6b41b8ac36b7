using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The job is accepted but does not end Completed without errors. Estate kinds: <c>jobEnds</c>; <c>jobFails</c> with state 10; <c>completesWithWarnings</c> with state 32768.</summary>
public sealed record JobEndsFault : Fault
{
    /// <summary>The final state: Completed (with an error code), Terminated, Killed, Exception, CompletedWithWarnings or an unknown number. Default: Exception.</summary>
    public JobState JobState { get; init; } = JobState.Exception;

    /// <summary>Msvm_ConcreteJob.ErrorCode. Default 32768, Failed; 0 means no error.</summary>
    public ushort ErrorCode { get; init; } = 32768;

    /// <summary>The error text. Null: one that matches the code.</summary>
    public string? Description { get; init; }

    /// <summary>The progress of the job at its end, in percent of its work, 0 to 100. Default 40. Completed jobs, with or without warnings, always do all the work.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>
    /// The replication state afterwards. Null (the default): FailbackComplete after warnings or an error-free Completed,
    /// otherwise the host's <c>afterFailure</c> setting.
    /// </summary>
    public ReplicationState? State { get; init; }

    internal override JobPlan Shape(JobPlan plan)
    {
        var doesAllWork = JobState is JobState.Completed or JobState.CompletedWithWarnings;
        var succeeds = JobState is JobState.CompletedWithWarnings || (JobState is JobState.Completed && ErrorCode == 0);
        return (doesAllWork ? plan : plan.CutAt(AtPercent)) with
        {
            Ending = new JobEnding(EndingKind.Ends)
            {
                JobState = JobState,
                ErrorCode = ErrorCode,
                ErrorDescription = Description,
                ReplicationState = State ?? (succeeds ? ReplicationState.FailbackComplete : plan.StateAfterFailure),
            },
        };
    }
}

/// <summary>
/// The job is a CIM_ConcreteJob, as every job is, but not an Msvm_ConcreteJob: it can only be read by the class in its path, and
/// a watch on Msvm_ConcreteJob does not report it. Estate kind: <c>jobOfAnotherClass</c>.
/// </summary>
public sealed record JobOfAnotherClassFault : Fault
{
    /// <summary>Its class. Default: Msvm_StorageJob.</summary>
    public SimulatedJobClass JobClass { get; init; } = SimulatedJobClass.StorageJob;

    internal override JobPlan Shape(JobPlan plan) => plan with { JobClass = JobClass };
}

/// <summary>
/// The job and its record disappear without a final state; the replication state stays as it was at that moment, unless configured
/// otherwise. Estate kind: <c>jobVanishes</c>.
/// </summary>
public sealed record JobVanishesFault : Fault
{
    /// <summary>The progress of the job at that point, in percent of its work, 0 to 100. Default 40.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>The replication state afterwards. Null (the default): 13, FailbackInProgress, as before.</summary>
    public ReplicationState? State { get; init; }

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(EndingKind.Vanishes) { ReplicationState = State } };
}

/// <summary>
/// The job of another method than InitiateFailback stops making progress: it never ends unless it is cancelled, or it and its record disappear. The machine stays as it was at that moment.
/// Estate kind: <c>stepStuck</c>.
/// </summary>
/// <param name="JobType">Which jobs, by their Msvm_ConcreteJob.JobType.</param>
public sealed record StepStuckFault(JobType JobType) : Fault
{
    /// <summary>The progress at which it stops, in percent of its work, 0 to 99. Default 40.</summary>
    public double AtPercent { get; init; } = 40;

    /// <summary>Whether the job disappears at that point.</summary>
    public bool Vanishes { get; init; }

    internal override bool AffectsCalls => false;

    internal override JobPlan Shape(JobPlan plan)
        => plan.CutAt(AtPercent) with { Ending = new JobEnding(Vanishes ? EndingKind.Vanishes : EndingKind.Holds) };
}
