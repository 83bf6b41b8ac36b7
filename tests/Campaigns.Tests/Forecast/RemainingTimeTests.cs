using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>How long a running campaign still takes. The harness gives every machine the same disk, and here each takes ten seconds.</summary>
public sealed class RemainingTimeTests
{
    private const string OneByOne = "limits: {host: 1}";

    [Fact]
    public void It_is_absent_until_three_have_been_measured()
    {
        var scenario = Scenario.Started(OneByOne, Estate.Uniform(1, 6));
        Ask(scenario).ShouldBeNull();

        Finish(scenario, "m0-0", "m0-1");
        Ask(scenario).ShouldBeNull();

        Finish(scenario, "m0-2");
        Ask(scenario).ShouldNotBeNull().Basis.ShouldBe("3 measured failbacks on 1 hosts: 102 B/s to 102 B/s of disk size, median 102 B/s.");
    }

    [Fact]
    public void What_is_left_takes_as_long_as_what_is_done_did()
    {
        var scenario = Scenario.Started(OneByOne, Estate.Uniform(1, 6));
        Finish(scenario, "m0-0", "m0-1", "m0-2");

        Ask(scenario)!.Band.P50.TotalSeconds.ShouldBe(30, tolerance: 0.1);
    }

    [Fact]
    public void It_passes_with_the_time_and_never_below_nothing()
    {
        var asked = new DateTimeOffset(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
        var remaining = new RemainingTime(new DurationBand(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20)), "measured", asked);

        remaining.LeftAt(asked).ShouldBe(remaining.Band);
        remaining.LeftAt(asked + TimeSpan.FromMinutes(12)).ShouldBe(new DurationBand(TimeSpan.Zero, TimeSpan.FromMinutes(8)));
    }

    [Fact]
    public void What_runs_has_only_its_rest_to_go()
    {
        var scenario = Scenario.Started(OneByOne, Estate.Uniform(1, 6));
        Finish(scenario, "m0-0", "m0-1", "m0-2");
        scenario.Now += TimeSpan.FromSeconds(4);

        Ask(scenario)!.Band.P50.TotalSeconds.ShouldBe(26, tolerance: 0.2);
    }

    [Fact]
    public void Waves_soaks_and_limits_that_are_still_to_come_count()
    {
        var scenario = Scenario.Started("waves: [{name: canary, take: 3, gate: {soak: 10m}}, {name: rest}]\nlimits: {host: 1}", Estate.Uniform(1, 5));
        Finish(scenario, "m0-0", "m0-1", "m0-2");
        scenario.Now += TimeSpan.FromMinutes(4);

        Ask(scenario)!.Band.P50.TotalSeconds.ShouldBe(360 + 20, tolerance: 0.2);
    }

    [Fact]
    public void A_dependency_that_holds_already_is_not_waited_for_again()
    {
        var scenario = Scenario.Started("dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]\nlimits: {host: 1}", Estate.Of("hv-1: sql-1 sql-2 sql-3 app-1", "hv-2: app-2"));
        Finish(scenario, "sql-1", "sql-2", "sql-3");

        Ask(scenario)!.Band.P50.TotalSeconds.ShouldBe(10, tolerance: 0.1);
    }

    [Fact]
    public void It_is_absent_while_a_person_has_paused_the_campaign_and_after_its_end()
    {
        var scenario = Scenario.Started(OneByOne, Estate.Uniform(1, 4));
        Finish(scenario, "m0-0", "m0-1", "m0-2");

        Ask(scenario.Send(new PauseCampaign("ann", "lunch"))).ShouldBeNull();
        scenario.Send(new ResumeCampaign("ann", string.Empty));
        Finish(scenario, "m0-3");
        Ask(scenario).ShouldBeNull();
    }

    [Fact]
    public void Tests_take_as_long_as_those_that_were_made_whatever_the_disks()
    {
        var scenario = Scenario.Started("strategy: {name: test-failover, soak: 1h}\nlimits: {host: 1}", Estate.Uniform(1, 6));
        Finish(scenario, "m0-0", "m0-1");
        Ask(scenario).ShouldBeNull();
        Finish(scenario, "m0-2");

        var left = Ask(scenario).ShouldNotBeNull();
        left.Band.P50.TotalSeconds.ShouldBe(30, tolerance: 0.1);
        left.Basis.ShouldBe("3 measured tests on 1 hosts: 10s to 10s, median 10s.");
    }

    [Fact]
    public void Machines_that_go_host_to_host_are_measured_by_their_copies_and_wait_for_nobody_but_a_held_one()
    {
        var scenario = Scenario.Started("limits: {host: 10, switch: 1}\nstrategy: {name: host-to-host, outage: automatic}", Estate.WithHome(Estate.Uniform(1, 6), "e1"));
        Copied(scenario, "m0-0", "m0-1");
        Ask(scenario).ShouldBeNull("two have been brought in step");
        Copied(scenario, "m0-2");

        var left = CampaignForecaster.WhatIsLeft(scenario.State, scenario.Now)!;
        left.Samples.Select(sample => sample.Duration.TotalSeconds).ShouldBe([10, 20, 30]);
        var estimate = Ask(scenario)!;
        estimate.Basis.ShouldStartWith("3 machines that were brought in step: 34 B/s to 102 B/s of disk size. Outages take 2m50s, as assumed");
        // Six outages one by one; the copies of the other three end meanwhile.
        estimate.Band.P50.TotalSeconds.ShouldBeInRange(6 * 170, (6 * 170) + 40);

        foreach (var machine in (string[])["m0-3", "m0-4", "m0-5"])
        {
            scenario.Running(machine).Succeed(machine);
        }

        scenario.Succeed("m0-0");
        foreach (var machine in (string[])["m0-1", "m0-2"])
        {
            scenario.Running(machine);
            scenario.Now += TimeSpan.FromSeconds(20);
            scenario.Succeed(machine);
        }

        Ask(scenario)!.Basis.ShouldContain("Outages take 20s, as measured");
        Ask(scenario)!.Band.P50.TotalSeconds.ShouldBe(3 * 20, tolerance: 1);
    }

    private static void Copied(Scenario scenario, params string[] machines)
    {
        foreach (var machine in machines)
        {
            scenario.Running(machine);
            scenario.Now += TimeSpan.FromSeconds(10);
            scenario.Succeed(machine);
        }
    }

    private static RemainingTime? Ask(Scenario scenario)
        => CampaignForecaster.WhatIsLeft(scenario.State, scenario.Now) is { } left
            ? CampaignForecaster.Remaining(left, scenario.Now, TestContext.Current.CancellationToken)
            : null;

    private static void Finish(Scenario scenario, params string[] machines)
    {
        foreach (var machine in machines)
        {
            scenario.Running(machine);
            scenario.Now += TimeSpan.FromSeconds(10);
            scenario.Succeed(machine);
        }
    }
}
