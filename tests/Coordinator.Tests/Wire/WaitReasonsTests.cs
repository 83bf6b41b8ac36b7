using HostAgent.Campaigns;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Coordinator.Wire;
using WaitReason = HostAgent.Contracts.Campaigns.V1.WaitReason;

namespace HostAgent.Coordinator.Tests.Wire;

public sealed class WaitReasonsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    private readonly WaitReasons _waits = new();

    [Fact]
    public void Questions_come_before_approvals_those_before_what_ends_at_a_time_and_the_rest_last()
    {
        var wave = new WaitReason { Code = "WAVE", Count = 900 };
        var retry = new WaitReason { Code = "RETRY", Count = 3, EarliestTime = new() };
        var dependency = new WaitReason { Code = "DEPENDENCY", Count = 950, Act = "failback campaign retry home x1" };
        var approval = new WaitReason { Code = "OUTAGE_APPROVAL", Count = 40, Act = "failback campaign approve home rest" };
        var one = new WaitReason { Code = "ASKS", Subject = "SPLIT_BRAIN", Count = 1, Act = "failback vm status a" };
        var two = new WaitReason { Code = "ASKS", Subject = "HALF_FAILOVER", Count = 2, Act = "failback vm status b" };

        WaitReasons.InOrder([wave, retry, dependency, approval, one, two]).ShouldBe([two, one, approval, retry, dependency, wave]);
    }

    [Fact]
    public void What_needs_a_person_is_told_and_a_campaign_that_stands_as_it_was_wanted_needs_none()
    {
        var machine = Planned(10);
        _waits.Of(machine.State, "", Start).Reasons.ShouldHaveSingleItem().NeedsPerson.ShouldBeFalse("it was not started");
        machine.Handle(new StartCampaign(null, "maria"), Start);
        _waits.Of(machine.State, "", Start.AddMinutes(1)).Reasons.ShouldHaveSingleItem().NeedsPerson.ShouldBeFalse("the limit ends by itself");
        machine.Handle(new PauseCampaign("maria", "the link is full"), Start.AddMinutes(2));

        var paused = _waits.Of(machine.State, "", Start.AddMinutes(3)).Reasons.ShouldHaveSingleItem();
        paused.Code.ShouldStartWith("PAUSED_");
        paused.NeedsPerson.ShouldBeTrue();
    }

    [Fact]
    public void Items_are_counted_again_only_after_a_change_and_not_at_once()
    {
        var machine = Planned(1000);
        _waits.Of(machine.State, "", Start).Reasons.ShouldHaveSingleItem().Count.ShouldBe(1000);

        machine.Handle(new StartCampaign(null, "maria"), Start);

        // A thousand items are worth twenty milliseconds.
        _waits.Of(machine.State, "", Start.AddMilliseconds(19)).Reasons.ShouldHaveSingleItem().Code.ShouldBe("NOT_STARTED");
        var later = _waits.Of(machine.State, "", Start.AddMilliseconds(20));
        (later.MovingCount, later.Reasons.ShouldHaveSingleItem().Code).ShouldBe((2, "LIMIT"));
        later.Reasons[0].Examples.Count.ShouldBe(10);
    }

    [Fact]
    public void Answer_is_the_callers_own_and_one_item_is_always_looked_at()
    {
        var machine = Planned(1000);
        _waits.Of(machine.State, "", Start).Reasons.Clear();
        _waits.Of(machine.State, "", Start).Reasons.ShouldHaveSingleItem();

        machine.Handle(new StartCampaign(null, "maria"), Start);

        _waits.Of(machine.State, machine.State.Items[^1].Id, Start).Reasons.ShouldHaveSingleItem().Code.ShouldBe("LIMIT");
    }

    private static CampaignMachine Planned(int items)
    {
        var spec = CampaignDocument.Parse("""
            apiVersion: failback/v1
            kind: Campaign
            metadata: {name: home}
            spec: {targets: [{host: hv-1}], strategy: initiate-failback, limits: {campaign: 2, host: 2}}
            """, "home.yaml").Require();
        var host = new EstateHost
        {
            Name = "hv-1",
            VirtualMachines = [.. Enumerable.Range(0, items).Select(index => new EstateVirtualMachine { Id = new Guid(index + 1, 0, 0, new byte[8]), Name = $"vm-{index:0000}" })],
        };
        var machine = new CampaignMachine();
        machine.Handle(new CreateCampaign(new Guid(1, 2, 3, new byte[8]), spec, CampaignPlanner.Plan(spec, new EstateView([host])).Plan!, "", "maria"), Start).Rejection.ShouldBeNull();
        return machine;
    }
}
