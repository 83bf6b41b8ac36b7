using HostAgent.Campaigns.Tests.Rules;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>A machine that is wrong on purpose.</summary>
/// <param name="Name">The number of the rule that it breaks, and how.</param>
/// <param name="Rule">The rule's checker; null for rule 11, which is judged by replaying.</param>
/// <param name="Sabotage">What makes it wrong.</param>
internal sealed record Mutant(string Name, Func<RuleChecker>? Rule, Sabotage Sabotage)
{
    public Finding? Judge(CampaignCase random) => Rule is null ? RunningRuleTests.Replays(random, Sabotage) : RuleProperty.Judge(random, Sabotage, Rule);
}
