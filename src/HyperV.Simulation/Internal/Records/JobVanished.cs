namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A job and its record are gone without an ending.</summary>
internal sealed record JobVanished(DateTimeOffset Time, Guid JobId) : StateRecord(Time);
