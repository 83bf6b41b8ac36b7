namespace HostAgent.Coordinator.Store;

/// <summary>What is kept of a campaign's state beside its events, so that lists need not replay it.</summary>
/// <param name="State">The state as a number, for filters.</param>
/// <param name="IsTerminal">Whether nothing will happen any more; only others are taken up at start-up.</param>
/// <param name="Summary">The state as the services show it, without its items; opaque to the store.</param>
internal sealed record CampaignProjection(int State, bool IsTerminal, ReadOnlyMemory<byte> Summary);
