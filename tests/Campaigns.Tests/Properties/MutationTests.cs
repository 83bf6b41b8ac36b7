using System.Globalization;
using HostAgent.Campaigns.Tests.Worlds;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>Each rule, broken on purpose, makes its property fail: the properties can fail, and each says what it is about.</summary>
public sealed class MutationTests
{
    private const int Cases = 5000;

    public static TheoryData<string> Names => [.. Mutants.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Property_notices_that(string mutant)
    {
        // The first cases are the same for every mutant; most are found among the first hundred.
        // A mutant that only crashes has shown nothing about its rule.
        var rule = int.Parse(mutant.Split(' ')[0], CultureInfo.InvariantCulture);
        Enumerable.Range(1, Cases).Select(seed => Mutants.All[mutant].Judge(CampaignCase.Of(seed * 7919))).ShouldContain(finding => finding != null && finding.Rule == rule);
    }

    [Fact]
    public void Every_rule_has_a_mutant()
        => Mutants.All.Keys.Select(name => name.Split(' ')[0]).Distinct().ShouldBe(Enumerable.Range(1, 11).Select(number => FormattableString.Invariant($"{number}")));

    [Fact]
    public void What_breaks_a_rule_is_shrunk_to_a_history_that_can_be_read()
    {
        var finding = RuleProperty.Search(Mutants.All["2 the limit of the host is forgotten"].Judge, Cases).ShouldNotBeNull();

        finding.Case.Moves.Count.ShouldBeLessThanOrEqualTo(2);
        finding.Case.Setting.Hosts.Count.ShouldBe(1);
        finding.Problem.ShouldStartWith("the limit host, 1, is exceeded: 2 in flight");
        finding.ToString().ShouldContain("StartCampaign");
        finding.ToString().ShouldContain("→ {\"event\":\"item-starting\",\"attempt\":1,");
    }
}
