using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations;

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
