using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Services;

/// <summary>What the host answered when it was asked for a machine's replication statistics.</summary>
/// <param name="Code">The return code; hosts answer this method at once, with 0.</param>
/// <param name="Intervals">The monitoring intervals the host keeps; empty when it refused.</param>
/// <param name="HealthIssues">What makes the health other than good.</param>
public sealed record ReplicationStatisticsAnswer(ReturnCode Code, IReadOnlyList<ReplicationStatistics> Intervals, IReadOnlyList<JobError> HealthIssues);
