namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>Values that a client gave to properties of a relationship's replication settings.</summary>
/// <param name="Relationship">0 for the primary relationship, 1 for the extended one.</param>
/// <param name="Text">An embedded Msvm_ReplicationSettingData that holds these properties and no other.</param>
internal sealed record SettingsChange(int Relationship, string Text);
