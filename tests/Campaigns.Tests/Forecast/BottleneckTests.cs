using System.Globalization;
using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

public sealed class BottleneckTests
{
    [Fact]
    public void The_limit_whose_doubling_shortens_it_most_is_named_with_what_it_would_gain()
    {
        var forecast = Question.Ask("limits: {campaign: 10, host: 1}", Hosts(4, machines: 8));

        forecast.Changes[0].ShouldBe(new ForecastChange("host", "limits.host 1 → 2", Question.Seconds(40)));
        forecast.Bottleneck.ShouldBe("limits.host 1 → 2 would take 40s instead of 1m20s.");
    }

    [Fact]
    public void A_limit_that_is_never_reached_is_not_tried()
        => Question.Ask("limits: {campaign: 100, host: 1}", Hosts(4, machines: 8)).Changes.Select(change => change.Limit).ShouldBe(["host"]);

    [Fact]
    public void Two_limits_that_hold_back_together_are_named_together()
    {
        var forecast = Question.Ask("limits: {campaign: 4, host: 1}", Hosts(4, machines: 8));

        forecast.Changes[0].ShouldBe(new ForecastChange("campaign+host", "limits.campaign 4 → 8, limits.host 1 → 2", Question.Seconds(40)));
        forecast.Bottleneck.ShouldStartWith("No limit alone:");
    }

    [Fact]
    public void Where_no_limit_matters_the_longest_failback_is_named()
    {
        var forecast = Question.Ask("limits: {host: 4}", Question.Host("hv-1: a=10 giant=500"));

        forecast.Changes.ShouldBeEmpty();
        forecast.Bottleneck.ShouldContain("giant on hv-1, is at work for 8m20s of 8m20s");
    }

    [Fact]
    public void A_ramp_can_be_the_bottleneck()
        => Question.Ask("waves: [{name: all, ramp: {start: 1, factor: 1.1}}]\nlimits: {host: 50}", Hosts(2, machines: 20)).Changes[0].Limit.ShouldBe("ramp");

    [Fact]
    public void Peaks_are_those_of_the_run_and_never_above_what_is_allowed()
    {
        var forecast = Question.Ask("limits: {campaign: 50, site: 6, link: 5, tenant: 4, host: 3}", Hosts(4, machines: 8));

        forecast.Limits.ShouldBe([
            new ForecastLimit("campaign", 50, 4, 1, 0),
            new ForecastLimit("site", 6, 4, 1, 0),
            new ForecastLimit("link", 5, 4, 1, 0),
            new ForecastLimit("tenant", 4, 4, 1, 1),
            new ForecastLimit("host", 3, 1, 4, 0),
        ]);
    }

    private static EstateHost[] Hosts(int hosts, int machines) => [.. Enumerable.Range(1, hosts).Select(host => Question.Host(
        string.Create(CultureInfo.InvariantCulture, $"hv-{host}: ")
        + string.Join(' ', Enumerable.Range(1, machines).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{host}-{machine}=10")))))];
}
