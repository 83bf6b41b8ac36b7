using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;
using EstateView = HostAgent.Campaigns.Planning.EstateView;

namespace HostAgent.Campaigns.Tests.Machine;

public class LimitTests
{
    [Fact]
    public void Start_under_host_limit_starts_that_many_on_each_host_in_fair_order()
    {
        var scenario = Scenario.Started("limits: {host: 2}", Estate.Uniform(2, 4));

        scenario.Initiated.ShouldBe(["m0-0", "m1-0", "m0-1", "m1-1"]);
        scenario.State.Counts[ItemStatus.Starting].ShouldBe(4);
    }

    [Fact]
    public void Start_under_campaign_limit_counts_starting_items()
        => Scenario.Started("limits: {campaign: 3}", Estate.Uniform(4, 4)).Initiated.ShouldBe(["m0-0", "m1-0", "m2-0"]);

    [Fact]
    public void Success_lets_the_next_item_of_the_same_host_start()
    {
        var scenario = Scenario.Started("limits: {host: 1}", Estate.Uniform(2, 3)).Running("m0-0").Succeed("m0-0");

        scenario.Initiated.ShouldBe(["m0-1"]);
        scenario.InFlight.ShouldBe(["m1-0", "m0-1"]);
    }

    [Fact]
    public void Site_limit_holds_over_its_hosts_while_another_site_starts()
    {
        var estate = new EstateView(
        [
            Estate.Host("a1: v1 v2", site: "west"), Estate.Host("a2: v3 v4", site: "west"), Estate.Host("b1: v5 v6", site: "south"),
        ]);

        Scenario.Started("limits: {site: 1}", estate).InFlight.ShouldBe(["v1", "v5"]);
    }

    [Fact]
    public void Link_limit_is_per_pair_of_sites()
    {
        var estate = new EstateView(
        [
            Estate.Host("a1: v1 v2", primarySite: "east"), Estate.Host("a2: v3", primarySite: "east"), Estate.Host("a3: v4 v5", primarySite: "north"),
        ]);

        Scenario.Started("limits: {link: 1}", estate).InFlight.ShouldBe(["v1", "v4"]);
    }

    [Fact]
    public void Tenant_limit_is_per_tenant()
    {
        var estate = new EstateView([Estate.Host("a1: v1 v2", tenant: "blue"), Estate.Host("a2: v3", tenant: "blue"), Estate.Host("a3: v4 v5", tenant: "red")]);

        Scenario.Started("limits: {tenant: 1}", estate).InFlight.ShouldBe(["v1", "v4"]);
    }

    [Fact]
    public void Percentage_limit_rounds_down_and_is_never_below_one()
        => Scenario.Started("limits: {campaign: 10%}", Estate.Uniform(3, 5)).InFlight.Count.ShouldBe(1);

    [Fact]
    public void Item_queued_on_its_host_still_counts_as_in_flight()
    {
        var scenario = Scenario.Started("limits: {campaign: 1}", Estate.Uniform(1, 2));
        scenario.Send(new Messages.AttemptQueued(Estate.ItemOf("m0-0"), 1));

        scenario.Status("m0-0").ShouldBe(ItemStatus.Queued);
        scenario.InFlight.ShouldBe(["m0-0"]);
        scenario.State.InFlight.ShouldBe(1);
    }

    [Fact]
    public void Ramp_grows_by_its_factor_after_each_round_of_successes()
    {
        var scenario = Scenario.Started("limits: {host: 50}\nwaves: [{name: all, ramp: {start: 1, factor: 2}}]", Estate.Uniform(1, 10));
        scenario.InFlight.Count.ShouldBe(1);

        scenario.Succeed("m0-0").InFlight.Count.ShouldBe(2);
        scenario.Succeed("m0-1").InFlight.Count.ShouldBe(2);
        scenario.Succeed("m0-2").InFlight.Count.ShouldBe(4);
    }
}
