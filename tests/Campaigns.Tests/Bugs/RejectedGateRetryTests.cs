using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// A gate was rejected and an item of its wave then retried: the wave had left its gate, so that it could be neither approved nor
/// resumed, and the campaign could only be stopped. Found by the random campaigns.
/// </summary>
public class RejectedGateRetryTests
{
    [Fact]
    public void Retry_after_a_rejected_gate_runs_the_item_and_asks_at_the_gate_again()
    {
        var scenario = Scenario.Started(
            "tolerance: {failures: 9}\nwaves: [{name: a, take: 1, gate: {approval: {by: [lead]}}}, {name: b}]", Estate.Uniform(1, 2)).Fail("m0-0");
        scenario.Send(new RejectWave("a", "lead", "the canary has failed")).State.PauseCause.ShouldBe(PauseCause.Gate);

        scenario.Send(new RetryItems([Estate.ItemOf("m0-0")], "ann", "")).InFlight.ShouldBe(["m0-0"]);
        scenario.Succeed("m0-0").State.Waves[0].WaitingFor.ShouldBe("approval by lead");
        scenario.Send(new ApproveWave("a", "lead", "")).InFlight.ShouldBe(["m0-1"]);
    }
}
