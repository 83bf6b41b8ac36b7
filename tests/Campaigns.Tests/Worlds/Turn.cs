using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>One turn as the world saw it.</summary>
/// <param name="Input">What happened, in truth; null when the campaign was taken over.</param>
/// <param name="Now">When.</param>
/// <param name="Events">What the machine made of it.</param>
/// <param name="Effects">What it wants done.</param>
/// <param name="IsRefused">Whether it refused.</param>
internal sealed record Turn(
    CampaignInput? Input,
    DateTimeOffset Now,
    IReadOnlyList<CampaignEvent> Events,
    IReadOnlyList<CampaignEffect> Effects,
    bool IsRefused);
