using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Forecast;

/// <summary>Forecasts of campaigns that go home host to host: the disks are compared at a rate, and each switch is an outage of its own length.</summary>
public class HostToHostForecastTests
{
    [Fact]
    public void Without_an_assumed_rate_it_says_what_is_missing_whatever_failbacks_were_measured()
    {
        var request = Request("", machines: 1);
        var forecast = CampaignForecaster.Forecast(request with { Samples = [new RateSample("w1", 1 << 30, TimeSpan.FromSeconds(10))], Assumptions = new ForecastAssumptions() }, TestContext.Current.CancellationToken);
        forecast.Missing.ShouldHaveSingleItem().What.ShouldBe("comparison rate");
    }

    [Fact]
    public void Copies_go_on_together_and_one_service_is_down_at_a_time()
    {
        var together = CampaignForecaster.Forecast(Request("limits: {host: 10}", machines: 4), TestContext.Current.CancellationToken);
        var single = CampaignForecaster.Forecast(Request("limits: {host: 10, switch: 1}", machines: 4), TestContext.Current.CancellationToken);

        together.Duration!.Value.P50.ShouldBe(TimeSpan.FromSeconds(100 + 170), TimeSpan.FromSeconds(1));
        single.Duration!.Value.P50.ShouldBe(TimeSpan.FromSeconds(100 + (4 * 170)), TimeSpan.FromSeconds(1));
        single.Assumed.ShouldContain("Each service is down for 2m50s: its guest shuts down, the last changes go over, and it starts at home.");
    }

    [Fact]
    public void Rehearsal_takes_its_time_before_the_rest_and_lengthens_no_outage()
    {
        var rehearsed = CampaignForecaster.Forecast(Request("limits: {host: 10, switch: 1}", machines: 2, rehearse: true), TestContext.Current.CancellationToken);

        rehearsed.Duration!.Value.P50.ShouldBe(TimeSpan.FromSeconds(100 + 135 + (2 * 170)), TimeSpan.FromSeconds(1));
        rehearsed.Assumed.ShouldContain("Each machine is rehearsed at home before it rests in step, for 2m15s; production goes on meanwhile.");
    }

    private static ForecastRequest Request(string lines, int machines, bool rehearse = false)
    {
        var spec = CampaignDocument.Parse(Scenario.Document($"strategy: {{name: host-to-host, rehearse: {(rehearse ? "true" : "false")}}}\n{lines}"), "test.yaml").Require();
        var names = Enumerable.Range(0, machines).Select(index => Estate.Machine($"m{index}") with { Mode = ReplicaMode.Replica, DiskBytes = 100L << 20 }).ToList();
        var plan = CampaignPlanner.Plan(spec, new EstateView(
        [
            new EstateHost { Name = "w1", Site = "west", PrimarySite = "east", VirtualMachines = names },
            new EstateHost { Name = "e1", Site = "east", VirtualMachines = [.. names.Select(machine => machine with { IneligibleReason = "production does not run here" })] },
        ]));
        return new ForecastRequest
        {
            Spec = spec,
            Plan = plan.Plan,
            StartTime = Scenario.Begin,
            Samples = [],
            AgentLimits = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase),
            Assumptions = new ForecastAssumptions { Rate = new RateRange(1 << 20, 1 << 20) },
        };
    }
}
