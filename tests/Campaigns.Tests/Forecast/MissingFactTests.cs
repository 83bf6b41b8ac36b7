using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

public sealed class MissingFactTests
{
    private static readonly ForecastRequest Unknown = Question.About("limits: {host: 1}", Question.Host("hv-1: a=10 b c"), Question.Host("hv-2: d"));

    [Fact]
    public void Without_a_rate_no_duration_is_invented()
    {
        var forecast = (Question.About("limits: {host: 1}", Question.Host("hv-1: a=10")) with { Assumptions = ForecastAssumptions.None }).Ask();

        forecast.Duration.ShouldBeNull();
        (forecast.Basis, forecast.Bottleneck, forecast.Waves.Count, forecast.Changes.Count).ShouldBe((string.Empty, string.Empty, 0, 0));
        var missing = forecast.Missing.ShouldHaveSingleItem();
        missing.What.ShouldBe("failback rate");
        missing.Explanation.ShouldContain("assume a rate");
    }

    [Fact]
    public void Machines_of_unknown_size_are_named()
    {
        var missing = Unknown.Ask().Missing.ShouldHaveSingleItem();

        (missing.What, missing.Count).ShouldBe(("disk size", 3));
        missing.Examples.ShouldBe(["b on hv-1", "d on hv-2", "c on hv-1"], ignoreOrder: true);
    }

    [Fact]
    public void An_assumed_size_is_for_those_of_unknown_size_only_and_is_said()
    {
        var forecast = (Unknown with { Assumptions = Question.OneMebibyteASecond with { DiskBytes = 5 * Question.MiB } }).Ask();

        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(20));
        forecast.Assumed.ShouldContain("3 machines of unknown disk size have 5 MiB each.");
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once()
        => (Unknown with { Assumptions = ForecastAssumptions.None }).Ask().Missing.Select(fact => fact.What).ShouldBe(["failback rate", "disk size"]);
}
