using HostAgent.HyperV.Jobs;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A job took its terminal state.</summary>
internal sealed record JobEnded(DateTimeOffset Time, Guid JobId, JobState JobState, ushort ErrorCode) : StateRecord(Time);
