namespace HostAgent.Coordinator.Store;

/// <summary>A stored campaign without its events.</summary>
/// <param name="Campaign">What never changes.</param>
/// <param name="Version">The version of its stream.</param>
/// <param name="Projection">Its state as of that version.</param>
internal sealed record CampaignHead(NewCampaign Campaign, long Version, CampaignProjection Projection);
