using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>An item whose state has changed.</summary>
/// <param name="Former">Its former state; UNSPECIFIED when it is seen for the first time.</param>
/// <param name="Item">The item as it stands.</param>
internal sealed record ItemChange(ItemState Former, Item Item);
