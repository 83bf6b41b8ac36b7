using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Planning;

/// <summary>Which replica of a machine is tested.</summary>
public class ReplicaPlanTests
{
    [Fact]
    public void Each_replica_is_tested_on_the_host_that_keeps_it()
    {
        var item = Plan(West("w1", Replica("sql")), East("e1", Primary("sql"))).Plan.Items.ShouldHaveSingleItem();
        item.Steps!.ShouldHaveSingleItem().ShouldBe(new PlannedStep(StepKind.TestFailover, "w1") { Site = "west", PrimarySite = "east" });
    }

    [Fact]
    public void Replica_of_the_primary_goes_before_its_extended_replica()
    {
        var plan = Plan(West("w1", Replica("sql")), West("w2", Replica("sql") with { Mode = ReplicaMode.ExtendedReplica }));
        plan.Plan.Items.ShouldHaveSingleItem().Host.ShouldBe("w1");
        plan.Plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe("its replica on w1 is tested");
    }

    [Fact]
    public void Several_replicas_of_one_machine_are_refused_and_named()
        => Plan(West("w1", Replica("sql")), West("w2", Replica("sql"))).Plan.Refused.Select(refused => refused.Reason).ShouldAllBe(reason => reason.Contains("w1, w2"));

    [Fact]
    public void Replica_that_cannot_be_tested_now_is_told_of_although_no_target_names_it()
        => Plan(West("w1", Replica("sql") with { Conflict = "the replica is not off" }, Replica("app"))).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe("the replica is not off");

    [Fact]
    public void Machine_that_is_an_item_of_another_campaign_is_tested_without_a_warning()
        => Plan(West("w1", Replica("sql") with { OtherCampaign = "campaigns/home" })).Plan.Warnings.ShouldBeEmpty();

    [Fact]
    public void Plan_without_a_replica_says_so()
        => Plan(East("e1", Primary("sql"))).Problems.ShouldHaveSingleItem().Message.ShouldContain("selects no machine that can be tested");

    private static PlanResult Plan(params EstateHost[] hosts)
        => CampaignPlanner.Plan(CampaignDocument.Parse(Scenario.Document("strategy: test-failover"), "test.yaml").Require(), new EstateView(hosts));

    private static EstateVirtualMachine Replica(string name) => Estate.Machine(name) with { Mode = ReplicaMode.Replica };

    private static EstateVirtualMachine Primary(string name) => Estate.Machine(name, "it is a primary");

    private static EstateHost West(string name, params EstateVirtualMachine[] machines) => new() { Name = name, Site = "west", PrimarySite = "east", VirtualMachines = machines };

    private static EstateHost East(string name, params EstateVirtualMachine[] machines) => new() { Name = name, Site = "east", VirtualMachines = machines };
}
