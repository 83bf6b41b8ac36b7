using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Watching;

/// <summary>The next message to a watcher.</summary>
/// <param name="Update">The message.</param>
/// <param name="HasMore">Whether more waits to be told at once.</param>
/// <param name="IsLast">Whether the campaign is terminal and all of it has been told.</param>
internal sealed record WatchStep(CampaignUpdate Update, bool HasMore, bool IsLast);
