using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>A case that breaks a rule.</summary>
/// <param name="Case">The case.</param>
/// <param name="Problem">What is wrong, in one sentence.</param>
/// <param name="History">How it came to that.</param>
/// <param name="Rule">The number of the rule that noticed it; null when a machine that was made wrong merely tripped over itself.</param>
internal sealed record Finding(CampaignCase Case, string Problem, string History, int? Rule)
{
    public override string ToString() => $"{Problem}\n\nThe campaign\n{Case.Setting}\n\nWhat happened\n{History}\nThe moves\n  {string.Join(' ', Case.Moves)}";
}
