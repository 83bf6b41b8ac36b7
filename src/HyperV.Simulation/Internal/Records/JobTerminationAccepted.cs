namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>Somebody asked a job to terminate, and it will.</summary>
internal sealed record JobTerminationAccepted(DateTimeOffset Time, Guid JobId) : StateRecord(Time);
