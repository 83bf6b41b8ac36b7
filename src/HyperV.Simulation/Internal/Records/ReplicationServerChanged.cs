using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>A client changed the host's settings or authorization entries as a replica server.</summary>
/// <param name="Time">When.</param>
/// <param name="State">What they are now.</param>
/// <param name="Stopped">The replicas that nobody may replicate to any more.</param>
internal sealed record ReplicationServerChanged(DateTimeOffset Time, ReplicationServerState State, IReadOnlyList<Guid> Stopped) : StateRecord(Time);
