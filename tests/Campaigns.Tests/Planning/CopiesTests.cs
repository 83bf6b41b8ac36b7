using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Planning;

/// <summary>One machine, several copies: it goes home once, from a copy that the document or the relationship tells, or not at all.</summary>
public sealed class CopiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_replicas_are_both_refused_and_the_reason_tells_them_apart()
    {
        var result = Plan("[{hosts: {}}]", Copy("south", ReplicaMode.Replica, hours: 96), Copy("west", ReplicaMode.Replica, hours: 0));

        result.Plan.Items.ShouldBeEmpty();
        result.Plan.Refused.Count.ShouldBe(2);
        result.Plan.Refused.ShouldAllBe(refused => refused.Reason
            == "there are copies of this machine on south (replica, data of 2026-11-22 03:00:00Z) and west (replica, data of 2026-11-26 03:00:00Z), and it is unclear which one to fail back; name its host");
        result.Problems.ShouldHaveSingleItem().Kind.ShouldBe(PlanProblemKind.NoItems);
    }

    [Fact]
    public void Replica_goes_before_the_one_that_extends_it_and_the_choice_is_told()
    {
        var result = Plan("[{hosts: {}}]", Copy("south", ReplicaMode.ExtendedReplica, hours: 96), Copy("west", ReplicaMode.Replica, hours: 0));

        result.Plan.Items.ShouldHaveSingleItem().Host.ShouldBe("west");
        result.Plan.Refused.ShouldHaveSingleItem().Host.ShouldBe("south");
        var warning = result.Plan.Warnings.ShouldHaveSingleItem();
        (warning.Kind, warning.NeedsAcceptance).ShouldBe((PlanWarningKind.CopyChosen, false));
        warning.Message.ShouldContain("the copy on west is used");
    }

    [Theory]
    [InlineData(96, false)]
    [InlineData(0, true)]
    public void Replica_that_is_older_or_in_critical_health_is_not_taken_by_itself(int hours, bool critical)
        => Plan("[{hosts: {}}]", Copy("south", ReplicaMode.ExtendedReplica, hours: 1), Copy("west", ReplicaMode.Replica, hours, critical)).Plan.Items.ShouldBeEmpty();

    [Fact]
    public void Replica_on_a_host_that_is_not_selected_keeps_its_extension_from_being_taken()
    {
        var result = Plan("[{hosts: {site: south}}]", Copy("south", ReplicaMode.ExtendedReplica, hours: 0) with { Site = "south" }, Copy("west", ReplicaMode.Replica, hours: 0));

        result.Plan.Items.ShouldBeEmpty();
        result.Plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe("the replica itself is on west, which the document does not select; name this copy's host to use it instead");
    }

    [Fact]
    public void Copy_whose_host_the_document_names_is_taken_whatever_it_is()
    {
        var result = Plan("[{host: south}]", Copy("south", ReplicaMode.ExtendedReplica, hours: 96), Copy("west", ReplicaMode.Replica, hours: 0));

        result.Plan.Items.ShouldHaveSingleItem().Host.ShouldBe("south");
        result.Plan.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(PlanWarningKind.CopyChosen);
    }

    [Fact]
    public void Document_that_names_both_hosts_names_none()
        => Plan("[{host: south}, {host: west}]", Copy("south", ReplicaMode.Replica, hours: 0), Copy("west", ReplicaMode.Replica, hours: 0))
            .Plan.Refused.ShouldAllBe(refused => refused.Reason.StartsWith("the document names 2 copies", StringComparison.Ordinal));

    [Fact]
    public void Copy_of_a_machine_that_is_home_is_refused_even_by_name_unless_that_is_accepted()
    {
        var home = Copy("west", ReplicaMode.Replica, hours: 0);
        home = home with { VirtualMachines = [home.VirtualMachines[0] with { IneligibleReason = "its state is FailbackComplete", IsHome = true, State = "FailbackComplete" }] };
        var left = Copy("south", ReplicaMode.Replica, hours: 96);

        Plan("[{host: south}]", left, home).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldStartWith("OTHER_COPY_FAILED_BACK: its copy on west was or is being failed back");
        Plan("[{hosts: {}}]\n  readiness: {ignore: [OTHER_COPY_FAILED_BACK]}", left, home).Plan.Items.ShouldBeEmpty("the host must be named as well");
        Plan("[{host: south}]\n  readiness: {ignore: [OTHER_COPY_FAILED_BACK]}", left, home).Plan.Items.ShouldHaveSingleItem().Host.ShouldBe("south");
    }

    [Fact]
    public void Machine_that_a_campaign_failed_back_from_a_host_out_of_reach_is_refused_elsewhere()
    {
        var left = Copy("south", ReplicaMode.Replica, hours: 96);
        left = left with { VirtualMachines = [left.VirtualMachines[0] with { WentHome = new FormerFailback("west", "campaigns/one", "was failed back by campaigns/one", IsHome: true) }] };

        Plan("[{hosts: {}}]", left).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldStartWith("OTHER_COPY_FAILED_BACK: its copy on west was failed back by campaigns/one");
        Plan("[{host: south}]\n  readiness: {ignore: [OTHER_COPY_FAILED_BACK]}", left).Plan.Items.ShouldHaveSingleItem().AcceptedFormer.ShouldBe("campaigns/one");
    }

    [Fact]
    public void Machine_on_one_host_alone_is_no_copy()
    {
        var result = Plan("[{}]", Copy("south", ReplicaMode.ExtendedReplica, hours: 96));

        result.Plan.Items.ShouldHaveSingleItem();
        result.Plan.Warnings.ShouldBeEmpty();
    }

    private static EstateHost Copy(string host, ReplicaMode mode, int hours, bool critical = false) => Estate.Host($"{host}: ") with
    {
        VirtualMachines = [Estate.Machine("sql-01") with { Mode = mode, LastReplication = Now.AddHours(-hours), IsCritical = critical }],
    };

    private static PlanResult Plan(string targets, params EstateHost[] hosts)
        => CampaignPlanner.Plan(CampaignDocument.Parse($"apiVersion: failback/v1\nkind: Campaign\nmetadata: {{name: t}}\nspec:\n  targets: {targets}\n", "t").Require(), new EstateView(hosts));
}
