using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Machine;

namespace HostAgent.Campaigns.Tests.Bugs;

/// <summary>
/// Every machine of a wave had failed before its outages were approved: its gate could not be approved, since an approval was taken for one of its outages, which it had no more.
/// </summary>
public sealed class GateOfWaveThatFailedInStepTests
{
    [Fact]
    public void Gate_of_a_wave_whose_machines_all_failed_before_its_outages_were_approved_can_be_approved()
    {
        var scenario = HostToHostTests.Started(
            "waves: [{name: canary, take: 1, gate: {approval: {by: [ann]}}}, {name: rest}]\ntolerance: {failures: 5}\nretry: {attempts: 1}\nstrategy: host-to-host", Estate.Uniform(2, 1)).Fail("m0-0");
        scenario.State.Waves[0].Status.ShouldBe(WaveStatus.AtGate);

        scenario.Send(new ApproveWave("canary", "ann", "")).Rejection.ShouldBeNull();
        scenario.State.Waves[1].Status.ShouldBe(WaveStatus.Running);
    }
}
