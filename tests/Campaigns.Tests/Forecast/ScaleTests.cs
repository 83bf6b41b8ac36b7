using System.Diagnostics;
using System.Globalization;

namespace HostAgent.Campaigns.Tests.Forecast;

public sealed class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    public void A_hundred_thousand_machines_on_ten_thousand_hosts_are_forecast()
    {
        var hosts = Enumerable.Range(0, 10_000).Select(host => Question.Host(
            string.Create(CultureInfo.InvariantCulture, $"h{host}: ")
            + string.Join(' ', Enumerable.Range(0, 10).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{host}-{machine}={1 + ((host + machine) % 97)}")))));
        var request = Question.About("waves: [{name: canary, take: 1%, gate: {soak: 10m}}, {name: rest}]\nlimits: {campaign: 2000}", [.. hosts]);
        var begin = Stopwatch.GetTimestamp();

        var forecast = request.Ask();

        output.WriteLine($"{forecast.Runs} runs and {forecast.Changes.Count} changes of {request.Plan.Items.Count} items: {Stopwatch.GetElapsedTime(begin).TotalSeconds:F1} s; {forecast.Bottleneck}");
        forecast.Duration.ShouldNotBeNull();
        forecast.Limits.Single(limit => limit.Limit == "campaign").Peak.ShouldBe(2000);
    }
}
