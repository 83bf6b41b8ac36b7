namespace HostAgent.Campaigns.States;

/// <summary>What the last check of an item's readiness found. It serves for one attempt.</summary>
/// <param name="Ready">Whether nothing stands against its failback.</param>
/// <param name="Reasons">What does, one sentence each; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state as it was seen; empty when it was not.</param>
/// <param name="CheckTime">When.</param>
public sealed record ItemReadiness(bool Ready, IReadOnlyList<string> Reasons, string ReplicationState, DateTimeOffset CheckTime);
