using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>The forecast that a campaign was started with is kept beside it, and decides nothing.</summary>
public class StartForecastTests
{
    private static readonly ForecastAssumptions Assumed = new() { Rate = new RateRange(100e6, 300e6), DiskBytes = 5_000_000_000, Links = [new LinkBandwidth("west", "east", 1e9)] };

    private static readonly StartForecast Made = new(
        new DurationBand(TimeSpan.FromHours(2), TimeSpan.FromHours(3)),
        "an assumed rate",
        [new ForecastWave("all", default, new DurationBand(TimeSpan.FromHours(2), TimeSpan.FromHours(3)))]);

    [Fact]
    public void Forecast_is_kept_with_the_start_over_a_crash_and_in_a_snapshot()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 2)).Send(new StartCampaign(null, "ann") { Assumptions = Assumed });
        scenario.State.AwaitsForecast.ShouldBeTrue();

        scenario.Send(new NoteForecast(Made)).Effects.ShouldBeEmpty("it decides nothing");

        scenario.Crash().State.AwaitsForecast.ShouldBeFalse();
        foreach (var state in (CampaignState[])[scenario.State, CampaignMachine.Replay(CampaignSnapshot.Write(scenario.State), []).State])
        {
            state.Assumptions.ShouldBe(Assumed);
            (state.Forecast!.Duration, state.Forecast.Basis, state.Forecast.Waves.ShouldHaveSingleItem()).ShouldBe((Made.Duration, Made.Basis, Made.Waves[0]));
        }
    }

    [Fact]
    public void What_was_assumed_when_the_start_was_scheduled_counts_when_it_comes()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 1)).Send(new StartCampaign(Scenario.Begin.AddHours(2), "ann") { Assumptions = Assumed });
        scenario.State.AwaitsForecast.ShouldBeFalse("it has not begun");

        scenario.Send(new StartCampaign(Scenario.Begin.AddHours(2), "ann") { Assumptions = Assumed with { Links = [new LinkBandwidth("west", "east", 1e9)] } }).Events.ShouldBeEmpty("the same again");

        scenario.Wait(TimeSpan.FromHours(2)).State.Assumptions.ShouldBe(Assumed);
        scenario.State.AwaitsForecast.ShouldBeTrue();
    }

    [Fact]
    public void Second_forecast_changes_nothing_and_none_is_kept_once_an_item_has_ended()
    {
        var scenario = Scenario.Started("", Estate.Uniform(1, 2)).Send(new NoteForecast(Made));
        scenario.Send(new NoteForecast(Made with { Basis = "another" })).Events.ShouldBeEmpty();

        var late = Scenario.Started("", Estate.Uniform(1, 2)).Running("m0-0").Succeed("m0-0");
        late.State.AwaitsForecast.ShouldBeFalse();
        late.Send(new NoteForecast(Made)).Events.ShouldBeEmpty("what has happened is no forecast");
    }

    [Fact]
    public void Plan_of_a_started_campaign_gives_the_forecast_of_its_document()
    {
        const string spec = "dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]\nwaves: [{name: first, take: 1}, {name: rest}]\nlimits: {host: 1}";
        var estate = Estate.Of("h: sql-1 app-1 app-2");
        var scenario = Scenario.Planned(spec, estate, item => item with { DiskBytes = 1_000_000_000 }).Send(new StartCampaign(null, "ann"));

        var forecast = CampaignForecaster.Forecast(new ForecastRequest
        {
            Spec = scenario.State.Spec!,
            Plan = CampaignForecaster.PlanOf(scenario.State),
            StartTime = Scenario.Begin,
            Assumptions = new ForecastAssumptions { Rate = new RateRange(10e6, 10e6) },
        });

        forecast.Missing.ShouldBeEmpty();
        forecast.Waves.Select(wave => wave.Name).ShouldBe(["first", "rest"]);
        forecast.Duration!.Value.P50.ShouldBe(TimeSpan.FromSeconds(300), "three machines, one after the other");
    }
}
