using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>A host as a replica server.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Entries">Who may replicate to it.</param>
internal sealed record ReplicationServerState(ReplicationServerSettings Settings, IReadOnlyList<SimulatedAuthorizationEntry> Entries);
