namespace HostAgent.Campaigns.Events;

/// <summary>The item's turn has come, and its agent is asked whether it is ready first. It keeps its place under the limits meanwhile.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="IsProbe">Whether it probes a host whose breaker is half open.</param>
/// <param name="IsSiteProbe">Whether it probes a site whose breaker is half open.</param>
public sealed record ItemChecking(string Item, bool IsProbe, bool IsSiteProbe) : ItemEvent(Item);
