using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Tests;

/// <summary>What adapters get where their machines go, in words.</summary>
public sealed class NetworkWordsTests
{
    [Theory]
    [InlineData("{from: DR, to: Prod}", "Adapters at switch DR are connected to Prod at home. What is not named stays as that host has it.")]
    [InlineData("{from: DR, to: Prod, dhcp: true, vlan: untagged}", "Adapters at switch DR are connected to Prod at home and get no VLAN; an address by DHCP. What is not named stays as that host has it.")]
    [InlineData(
        "{from: DR, to: Prod, vlan: 120, mac: keep, subnets: [{from: 10.20.0.0/16, to: 10.10.0.0/16, gateway: 10.10.0.1, dns: [10.10.0.53]}]}",
        "Adapters at switch DR are connected to Prod at home and get VLAN 120; the static MAC addresses that they have now; a dynamic one is drawn by its host; for addresses in 10.20.0.0/16 the same place in 10.10.0.0/16, with the gateway 10.10.0.1 and DNS 10.10.0.53. What is not named stays as that host has it.")]
    public void Each_rule_is_a_sentence(string rule, string sentence)
        => Rules($"{{name: host-to-host, networks: [{rule}]}}").ShouldHaveSingleItem().Describe(isDrill: false).ShouldBe(sentence);

    [Fact]
    public void Drill_says_what_is_set_on_the_way_there_only()
        => Rules("{name: planned-drill, networks: [{from: Prod, to: DR, vlan: 7}]}").ShouldHaveSingleItem().Describe(isDrill: true).ShouldBe(
            "Adapters at switch Prod are connected to DR where they go to and get VLAN 7. What is not named stays as that host has it. VLANs and MAC addresses are set on the way there only.");

    private static IReadOnlyList<NetworkSpec> Rules(string strategy)
        => CampaignDocument.Parse(Harness.Scenario.Document($"strategy: {strategy}"), "test.yaml").Require().HostToHost!.Networks.ShouldNotBeNull();
}
