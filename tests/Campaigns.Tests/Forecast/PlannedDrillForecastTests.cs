using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Forecasts of planned drills: two outages and what is between them, whatever the disks.</summary>
public class PlannedDrillForecastTests
{
    [Theory]
    [InlineData("soak: 1h, rehearse: false", 3600 + (2 * (170 + 5)))]
    [InlineData("soak: 1h", 3600 + (2 * (170 + 5 + 135)))]
    public void Drill_takes_two_outages_and_its_soak_and_needs_no_rate_and_no_size(string strategy, int seconds)
    {
        var request = Question.About($"strategy: {{name: planned-drill, {strategy}}}", Question.Host("w1: a b"), Replicas("r1", "a", "b")) with { Assumptions = new ForecastAssumptions() };
        var forecast = request.Ask();

        forecast.Missing.ShouldBeEmpty();
        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(seconds), TimeSpan.FromSeconds(1));
        forecast.Assumed.ShouldContain(line => line.StartsWith("Each service is down twice for ", StringComparison.Ordinal));
    }

    [Fact]
    public void Machine_that_takes_longest_is_at_work_for_its_outages_and_rehearsals_and_not_for_what_its_disks_would_take()
        => (Question.About("strategy: {name: planned-drill, soak: 5m}", Question.Host("w1: a b"), Replicas("r1", "a", "b")) with { Assumptions = new ForecastAssumptions() }).Ask()
            .Bottleneck.ShouldContain("on w1, is at work for 10m20s of 15m20s");

    [Fact]
    public void What_is_left_of_a_drill_is_its_outages_and_the_rest_of_its_soak_and_is_known_from_the_start()
    {
        var scenario = Machine.PlannedDrillTests.Started("strategy: {name: planned-drill, soak: 1h, outage: automatic, rehearse: false}");
        Left(scenario).ShouldBe(3600 + (2 * (170 + 5)), 1);
        Left(scenario.Succeed("m0-0")).ShouldBe(3600 + 170 + 5 + 170, 1);

        Left(scenario.Succeed("m0-0")).ShouldBe(3600 + 5 + 170, 1);
        scenario.Now += TimeSpan.FromMinutes(30);
        Left(scenario).ShouldBe(1800 + 5 + 170, 1);
        Left(scenario.Send(new EndSoak("all", "ann", ""))).ShouldBe(5 + 170, 1);
        Left(scenario.Succeed("m0-0")).ShouldBe(170, 1);
    }

    private static double Left(Scenario scenario)
    {
        var request = CampaignForecaster.WhatIsLeft(scenario.State, scenario.Now).ShouldNotBeNull();
        return CampaignForecaster.Remaining(request, scenario.Now, TestContext.Current.CancellationToken).ShouldNotBeNull().Band.P50.TotalSeconds;
    }

    private static EstateHost Replicas(string name, params string[] machines) => new()
    {
        Name = name,
        VirtualMachines = [.. machines.Select(machine => Harness.Estate.Machine(machine, "it is a replica") with { Mode = ReplicaMode.Replica })],
    };
}
