using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Jobs;

/// <summary>A job of the host (a class derived from <c>CIM_ConcreteJob</c>), as seen at one moment.</summary>
public sealed record ConcreteJob
{
    /// <summary>The path as the host returned it.</summary>
    public required CimObjectPath Path { get; init; }

    /// <summary>The class; usually <c>Msvm_ConcreteJob</c>, but a method may answer with another.</summary>
    public required string ClassName { get; init; }

    /// <summary>The key, a GUID.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The state.</summary>
    public required JobState State { get; init; }

    /// <summary>0 to 100; null when the host does not tell.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>Title of the job, in the host's language.</summary>
    public string? Caption { get; init; }

    /// <summary>Text of the state, in the host's language.</summary>
    public string? Status { get; init; }

    /// <summary>0 when good, else of the family of <see cref="Failback.ReturnCode"/>.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The error in full, in the host's language.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>The error in short, in the host's language.</summary>
    public string? ErrorSummary { get; init; }

    /// <summary>Whether the host offers cancellation; not a promise that it works.</summary>
    public bool Cancellable { get; init; }

    /// <summary>What the job does; null when the class has no such property. Never the only mark to recognise a job by.</summary>
    public JobType? JobType { get; init; }

    /// <summary>When it was submitted, by the host's clock; null when the host does not tell.</summary>
    public DateTimeOffset? TimeSubmitted { get; init; }

    /// <summary>When it was started, by the host's clock; null when it has not been.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When its state last changed, by the host's clock; null when the host does not tell.</summary>
    public DateTimeOffset? TimeOfLastStateChange { get; init; }

    /// <summary>How long it has run; null when the host does not tell.</summary>
    public TimeSpan? ElapsedTime { get; init; }

    /// <summary>How long the host keeps it after its end; Hyper-V says five minutes.</summary>
    public TimeSpan? TimeBeforeRemoval { get; init; }

    /// <summary>What its state means for the work.</summary>
    public JobVerdict Verdict => JobVerdicts.Judge(State, ErrorCode);

    /// <summary>Whether the host will not change it any more.</summary>
    public bool IsTerminal => JobVerdicts.IsTerminal(State);

    /// <summary>Whether it could be a failback's: type 124, the conflicting 123, or none given.</summary>
    public bool MayBeFailback => JobType is null or Jobs.JobType.InitiateFailback or Jobs.JobType.ChangeReplicationModeToPrimary;
}
