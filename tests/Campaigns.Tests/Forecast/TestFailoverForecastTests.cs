using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Forecasts of campaigns that test replicas: what a test takes depends on no disk and no rate.</summary>
public class TestFailoverForecastTests
{
    [Theory]
    [InlineData("0s", 135)]
    [InlineData("10m", 735)]
    public void Test_takes_its_own_time_and_what_it_is_left_running_and_needs_no_rate_and_no_size(string soak, int seconds)
    {
        var request = Question.About($"strategy: {{name: test-failover, soak: {soak}}}\nlimits: {{host: 2}}", Question.Host("w1: a b c d")) with { Assumptions = new ForecastAssumptions() };
        var forecast = request.Ask();

        forecast.Missing.ShouldBeEmpty();
        forecast.Duration!.Value.P50.ShouldBe(Question.Seconds(2 * seconds), TimeSpan.FromSeconds(1));
        forecast.Assumed[0].ShouldBe("Every test passes at its first attempt, and every host stays reachable.");
        forecast.Assumed.ShouldContain(line => line.StartsWith("Each test takes ", StringComparison.Ordinal));
    }
}
