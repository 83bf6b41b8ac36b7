using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Internal.Snapshots;

/// <summary>One cause why a campaign is paused, and whether it ends by itself.</summary>
internal sealed record PauseFacts(PauseCause Cause, bool Automatic);
