namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>The management service restarted: all jobs are gone, all states stay.</summary>
internal sealed record HostRestarted(DateTimeOffset Time) : StateRecord(Time);
