using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Planning;

/// <summary>Which copy of a machine goes home, and to which host.</summary>
public class PairPlanTests
{
    [Fact]
    public void Copy_that_was_failed_over_goes_to_the_other_host_that_has_one()
    {
        var plan = Plan(West("w1", FailedOver("sql")), East("e1", Old("sql")), East("e2"));

        var item = plan.Plan.Items.ShouldHaveSingleItem();
        item.Steps!.Select(step => (step.Kind, step.Host, step.Site)).ShouldBe([(StepKind.Synchronize, "w1", "west"), (StepKind.SwitchOver, "e1", "east")]);
    }

    [Fact]
    public void Home_that_does_not_answer_is_known_by_the_name_that_the_machine_shows_with_or_without_its_domain()
    {
        var plan = Plan(West("w1", FailedOver("sql") with { PrimaryHost = "E1.corp.example" }), East("e1") with { UnreachableReason = "no answer" });
        plan.Plan.Items.ShouldHaveSingleItem().StepAt(1).Host.ShouldBe("e1");
    }

    [Theory]
    [InlineData("", "no other host that answers has it, and it does not show which one its primary host is")]
    [InlineData("e9.corp.example", "its primary host e9.corp.example is not in the inventory")]
    public void Machine_whose_home_is_not_known_is_refused_with_the_reason(string primary, string reason)
        => Plan(West("w1", FailedOver("sql") with { PrimaryHost = primary }), East("e1")).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldContain(reason);

    [Fact]
    public void Machine_that_several_other_hosts_have_is_refused_and_names_them()
        => Plan(West("w1", FailedOver("sql")), East("e2", Old("sql")), East("e1", Old("sql"))).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldContain("e1, e2");

    [Fact]
    public void Machine_of_a_test_failover_is_no_home()
        => Plan(West("w1", FailedOver("sql")), East("e1", Old("sql")), East("e2", Old("sql") with { Mode = ReplicaMode.TestReplica })).Plan.Items.ShouldHaveSingleItem().StepAt(1).Host.ShouldBe("e1");

    [Fact]
    public void Production_runs_on_the_copy_that_was_failed_over_even_when_both_could_go_home()
    {
        var plan = Plan(West("w1", FailedOver("sql")), West("w2", Old("sql") with { IneligibleReason = null, Mode = ReplicaMode.Other }));
        plan.Plan.Items.ShouldHaveSingleItem().Host.ShouldBe("w1");
        plan.Plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe("production runs on its copy on w1");
    }

    [Fact]
    public void Two_copies_that_were_failed_over_are_both_refused()
        => Plan(West("w1", FailedOver("sql")), West("w2", FailedOver("sql"))).Plan.Refused.Select(refused => refused.Host).ShouldBe(["w1", "w2"]);

    [Fact]
    public void Each_machine_goes_home_by_its_provider_in_the_order_of_the_hosts()
    {
        var plan = Plan("strategy: auto", West("w1", FailedOver("a") with { IsExternal = true }, FailedOver("b") with { IsExternal = false }, FailedOver("c") with { IsExternal = true }), East("e1", Old("a"), Old("b")));

        plan.Plan.Items.Select(item => (item.VirtualMachineName, item.Steps?.Count, item.StepAt(0).Kind)).ShouldBe(
            [("a", null, StepKind.InitiateFailback), ("b", 2, StepKind.Synchronize), ("c", null, StepKind.InitiateFailback)]);
    }

    [Fact]
    public void Machine_of_an_external_provider_needs_no_home_and_is_taken_from_one_copy()
    {
        var plan = Plan("strategy: auto", West("w1", FailedOver("a") with { IsExternal = true }), West("w2", FailedOver("a") with { IsExternal = true }));
        plan.Plan.Items.ShouldBeEmpty();
        plan.Plan.Refused.Count.ShouldBe(2);
        plan.Plan.Refused[0].Reason.ShouldContain("unclear which one to fail back");
    }

    [Fact]
    public void Machine_without_a_switch_of_its_own_goes_down_with_no_others()
        => Plan("strategy: auto\ntogether: [{vm: '*'}]", West("w1", FailedOver("a") with { IsExternal = true }, FailedOver("b") with { IsExternal = false }), East("e1", Old("b")))
            .Problems.ShouldHaveSingleItem().Message.ShouldBe("spec.together[0] matches a, which an external provider brings home: it has no switch that could wait for others.");

    private static PlanResult Plan(params EstateHost[] hosts) => Plan("strategy: host-to-host", hosts);

    private static PlanResult Plan(string spec, params EstateHost[] hosts)
        => CampaignPlanner.Plan(CampaignDocument.Parse(Scenario.Document(spec), "test.yaml").Require(), new EstateView(hosts));

    private static EstateVirtualMachine FailedOver(string name) => Estate.Machine(name) with { Mode = ReplicaMode.Replica };

    private static EstateVirtualMachine Old(string name) => Estate.Machine(name, "production does not run here");

    private static EstateHost West(string name, params EstateVirtualMachine[] machines) => new() { Name = name, Site = "west", PrimarySite = "east", VirtualMachines = machines };

    private static EstateHost East(string name, params EstateVirtualMachine[] machines) => new() { Name = name, Site = "east", VirtualMachines = machines };
}
