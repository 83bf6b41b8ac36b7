using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Model;

/// <summary>A host's job as last seen, in the form the journal keeps.</summary>
internal sealed record JobSnapshot
{
    /// <summary>The CIM object path as the host returned it.</summary>
    public required string Path { get; init; }

    /// <summary>The class in the path.</summary>
    public required string ClassName { get; init; }

    /// <summary>The host's number for the state; null before the job was read and after it has gone.</summary>
    public uint? State { get; init; }

    /// <summary>The host no longer has the job.</summary>
    public bool Gone { get; init; }

    /// <summary>0 to 100; null when the host has not said.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>The host's own text, in the host's language.</summary>
    public string Status { get; init; } = "";

    /// <summary>0 when good.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The host's error text, in the host's language.</summary>
    public string ErrorDescription { get; init; } = "";

    /// <summary>The host's short error text, in the host's language.</summary>
    public string ErrorSummary { get; init; } = "";

    /// <summary>Whether the host offers cancellation.</summary>
    public bool Cancellable { get; init; }

    public uint JobType { get; init; }

    /// <summary>When the job was started, by the host's clock.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Every error the finished job reported.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}

/// <summary>Takes jobs over from the host in the form the journal keeps.</summary>
internal static class JobSnapshots
{
    /// <summary>A job as it was read.</summary>
    public static JobSnapshot Of(ConcreteJob job, IReadOnlyList<string>? errors = null) => new()
    {
        Path = job.Path.ToString(),
        ClassName = job.ClassName,
        State = (uint)job.State,
        PercentComplete = job.PercentComplete is { } percent ? Math.Clamp(percent, 0, 100) : null,
        Status = job.Status ?? "",
        ErrorCode = job.ErrorCode,
        ErrorDescription = job.ErrorDescription ?? "",
        ErrorSummary = job.ErrorSummary ?? "",
        Cancellable = job.Cancellable,
        JobType = (uint?)job.JobType ?? 0,
        StartTime = job.StartTime,
        Errors = errors ?? [],
    };

    /// <summary>A job that was named by the host and not read yet.</summary>
    public static JobSnapshot Named(CimObjectPath path) => new() { Path = path.ToString(), ClassName = path.ClassName };
}

/// <summary>
/// What the host showed immediately before the call, kept with the intent. After a crash it is compared with what the host
/// shows then: only a host that still shows the same can prove that the call never took effect.
/// </summary>
/// <param name="Time">When it was read, by the agent's clock.</param>
/// <param name="ReplicationState">The machine's replication state as the host's number; null when unknown.</param>
/// <param name="JobIds">The InstanceIDs of all jobs that affected the machine, finished ones included.</param>
internal sealed record IntentEvidence(DateTimeOffset Time, int? ReplicationState, IReadOnlyList<string> JobIds);
