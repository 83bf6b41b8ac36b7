using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>A job that begins by itself at its time, unless the relationship is no longer as it was when the job was asked for.</summary>
/// <param name="At">When.</param>
/// <param name="JobType">What it does.</param>
/// <param name="Plan">How.</param>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="From">The relationship's replication state.</param>
internal sealed record ScheduledWork(DateTimeOffset At, JobType JobType, JobPlan Plan, int Relationship, ReplicationState From);
