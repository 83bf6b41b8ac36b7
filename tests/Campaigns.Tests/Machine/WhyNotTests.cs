using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Machine;

/// <summary>Rule 15: every item that does not move has one reason, a time when it has one, and the act that frees it.</summary>
public class WhyNotTests
{
    [Fact]
    public void Campaign_that_does_not_run_is_the_reason_before_every_other()
    {
        var scenario = Scenario.Planned("", Estate.Uniform(1, 1));
        Wait(scenario, "m0-0").ShouldBe(("NOT_STARTED", "", null, "failback campaign start test"));

        scenario.Send(new StartCampaign(scenario.Now.AddHours(1), "ann"));
        Wait(scenario, "m0-0").ShouldBe(("SCHEDULED", "", scenario.Now.AddHours(1), "failback campaign start test"));

        var paused = Scenario.Started("limits: {host: 1}", Estate.Uniform(1, 2)).Send(new PauseCampaign("ann", "lunch"));
        Wait(paused, "m0-1").ShouldBe(("PAUSED_OPERATOR", "", null, "failback campaign resume test"));
        Wait(paused, "m0-0").ShouldBe(default);
    }

    [Theory]
    [InlineData("campaign", "campaign")]
    [InlineData("host", "host h0")]
    [InlineData("site", "site west")]
    [InlineData("link", "link")]
    [InlineData("tenant", "tenant")]
    public void Limit_that_is_full_is_named(string limit, string subject)
        => Wait(Scenario.Started($"limits: {{host: 2, {limit}: 1}}".Replace("host: 2, host: 1", "host: 1", StringComparison.Ordinal), Estate.Uniform(1, 2)), "m0-1").ShouldBe(("LIMIT", subject, null, ""));

    [Fact]
    public void Wave_gate_dependency_ramp_and_retry_each_have_their_reason()
    {
        var waves = Scenario.Started("waves: [{name: one, take: 1, gate: {approval: {by: [ann]}, soak: 10m}}, {name: two}]", Estate.Uniform(1, 2));
        Wait(waves, "m0-1").ShouldBe(("WAVE", "one", null, ""));
        waves.Succeed("m0-0");
        Wait(waves, "m0-1").ShouldBe(("GATE", "one", waves.Now.AddMinutes(10), "failback campaign approve test one"));

        Wait(Scenario.Started("dependencies: [{item: {vm: m0-1}, after: {vm: m0-0}}]", Estate.Uniform(1, 2)), "m0-1").ShouldBe(("DEPENDENCY", "m0-1 after m0-0", null, $"failback campaign retry test {Estate.ItemOf("m0-1")}"));
        Wait(Scenario.Started("waves: [{name: all, ramp: {start: 1, factor: 2}}]", Estate.Uniform(1, 2)), "m0-1").ShouldBe(("RAMP", "all", null, ""));

        var retry = Scenario.Started("retry: {initial: 5s, max: 5s, jitter: 0}", Estate.Uniform(1, 1)).Fail("m0-0", RetryClass.BackOff, "BUSY");
        Wait(retry, "m0-0").ShouldBe(("RETRY", "BUSY", retry.Now.AddSeconds(5), ""));
    }

    [Fact]
    public void Breaker_that_is_open_says_until_when()
    {
        var scenario = Scenario.Started("limits: {host: 1}\ntolerance: {failures: 100%, perHost: 0}", Estate.Uniform(1, 2)).Fail("m0-0");
        var (code, subject, time, _) = Wait(scenario, "m0-1");
        (code, subject).ShouldBe(("BREAKER", "h0"));
        time!.Value.ShouldBeGreaterThan(scenario.Now);
    }

    private static (string? Code, string? Subject, DateTimeOffset? Time, string? Act) Wait(Scenario scenario, string machine)
        => WhyNot.Of(scenario.State, scenario.Item(machine), scenario.Now) is { } wait ? (wait.Code, wait.Subject, wait.EarliestTime, wait.Act) : default;
}
