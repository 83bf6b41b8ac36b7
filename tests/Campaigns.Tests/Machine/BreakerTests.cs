using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

public class BreakerTests
{
    private const string Spec = "tolerance: {failures: 100, perHost: 1}\nlimits: {host: 1}\nretry: {initial: 30s, factor: 2, max: 10m, jitter: 0}";

    private static CampaignHost Host(Scenario scenario, string name = "h0") => scenario.State.FindHost(name).ShouldNotBeNull();

    [Fact]
    public void Failures_past_perHost_open_that_host_only()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(2, 5)).Fail("m0-0").Fail("m0-1");

        Host(scenario).Breaker.ShouldBe(BreakerStatus.Open);
        scenario.InFlight.ShouldBe(["m1-0"]);
        scenario.State.Status.ShouldBe(CampaignStatus.Running);
    }

    [Fact]
    public void Open_breaker_lets_one_probe_through_after_its_pause_and_closes_on_its_success()
    {
        var scenario = Scenario.Started(Spec.Replace("host: 1", "host: 3", StringComparison.Ordinal), Estate.Uniform(1, 8)).Fail("m0-0").Fail("m0-1");
        scenario.Succeed("m0-2").Succeed("m0-3").InFlight.ShouldBeEmpty();

        scenario.Wait(TimeSpan.FromSeconds(29)).InFlight.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromSeconds(1)).InFlight.ShouldBe(["m0-4"]);
        Host(scenario).Breaker.ShouldBe(BreakerStatus.HalfOpen);

        scenario.Succeed("m0-4").InFlight.ShouldBe(["m0-5", "m0-6", "m0-7"]);
        Host(scenario).Breaker.ShouldBe(BreakerStatus.Closed);
    }

    [Fact]
    public void Probe_that_fails_opens_again_for_longer()
    {
        var scenario = Scenario.Started(Spec, Estate.Uniform(1, 8)).Fail("m0-0").Fail("m0-1");
        scenario.Wait(TimeSpan.FromSeconds(30)).Fail("m0-2");

        Host(scenario).Breaker.ShouldBe(BreakerStatus.Open);
        scenario.Wait(TimeSpan.FromSeconds(59)).InFlight.ShouldBeEmpty();
        scenario.Wait(TimeSpan.FromSeconds(1)).InFlight.ShouldBe(["m0-3"]);
    }

    [Fact]
    public void Three_failed_calls_in_a_row_open_and_an_answer_half_opens()
    {
        var scenario = Scenario.Started("limits: {host: 3}\nretry: {jitter: 0}", Estate.Uniform(1, 5))
            .Undelivered("m0-0").Undelivered("m0-1").Undelivered("m0-2");
        Host(scenario).Breaker.ShouldBe(BreakerStatus.Open);

        scenario.Send(new HostReachable("h0"));
        Host(scenario).Breaker.ShouldBe(BreakerStatus.HalfOpen);
        scenario.Initiated.ShouldBe(["m0-0", "m0-1", "m0-2"], "the same operations are sent again at once");
    }
}
