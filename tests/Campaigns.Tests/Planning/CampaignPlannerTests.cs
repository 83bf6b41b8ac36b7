using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Tests.Harness;

namespace HostAgent.Campaigns.Tests.Planning;

public class CampaignPlannerTests
{
    private static PlanResult Plan(string spec, EstateView estate)
        => CampaignPlanner.Plan(CampaignDocument.Parse($"apiVersion: failback/v1\nkind: Campaign\nmetadata: {{name: t}}\nspec:\n{Indented(spec)}", "t").Require(), estate);

    private static string Indented(string spec) => string.Join('\n', spec.Split('\n').Select(line => "  " + line));

    private static IEnumerable<string> Names(PlanResult result) => result.Plan.Items.Select(item => item.VirtualMachineName);

    [Fact]
    public void Plan_orders_round_robin_over_hosts_then_by_name_whatever_the_order_of_the_estate()
    {
        var estate = Estate.Of("hv-b: b2 b1 b3", "hv-a: a2 a1", "hv-c: c1");
        var reversed = new EstateView([.. estate.Hosts.Reverse()]);

        Names(Plan("targets: [{}]", estate)).ShouldBe(["a1", "b1", "c1", "a2", "b2", "b3"]);
        Names(Plan("targets: [{}]", reversed)).ShouldBe(["a1", "b1", "c1", "a2", "b2", "b3"]);
    }

    [Fact]
    public void Plan_orders_machines_of_one_name_by_their_id()
    {
        var low = Estate.Machine("same") with { Id = new Guid("00000000-0000-4000-8000-000000000001") };
        var high = low with { Id = new Guid("00000000-0000-4000-8000-000000000002") };
        var host = Estate.Host("hv: ") with { VirtualMachines = [high, low] };

        Plan("targets: [{}]", new EstateView([host])).Plan.Items.Select(item => item.VirtualMachineId).ShouldBe([low.Id, high.Id]);
    }

    [Fact]
    public void Plan_of_a_canary_of_two_touches_two_hosts()
    {
        var plan = Plan("targets: [{}]\nwaves: [{name: canary, take: 2}, {name: rest}]", Estate.Uniform(3, 3)).Plan;

        plan.Waves.ShouldBe([new PlannedWave("canary", 2, 2, ""), new PlannedWave("rest", 7, 3, "")]);
        plan.Items.Where(item => item.Wave == 0).Select(item => item.VirtualMachineName).ShouldBe(["m0-0", "m1-0"]);
        plan.Items.Where(item => item.Wave == 1).Select(item => item.VirtualMachineName).ShouldBe(["m0-1", "m1-1", "m2-0", "m0-2", "m1-2", "m2-1", "m2-2"]);
    }

    [Theory]
    [InlineData("10%", 9, 1)]
    [InlineData("25%", 9, 2)]
    [InlineData("100%", 9, 9)]
    [InlineData("50", 9, 9)]
    public void Take_of_a_percentage_rounds_down_but_never_below_one(string take, int items, int taken)
        => Plan($"targets: [{{}}]\nwaves: [{{name: a, take: {take}}}, {{name: b}}]", Estate.Uniform(1, items)).Plan.Items.Count(item => item.Wave == 0).ShouldBe(taken);

    [Fact]
    public void Item_belongs_to_the_first_wave_that_matches_it()
    {
        var plan = Plan("targets: [{}]\nwaves: [{name: a, match: {vms: {names: [\"sql-*\"]}}}, {name: b, match: {host: h2}}, {name: c}]", Estate.Of("h1: sql-1 app-1", "h2: sql-2 app-2")).Plan;

        plan.Items.Select(item => (item.VirtualMachineName, item.Wave)).ShouldBe([("sql-1", 0), ("sql-2", 0), ("app-2", 1), ("app-1", 2)]);
    }

    [Fact]
    public void Targets_are_a_union_in_which_each_machine_is_one_item()
        => Names(Plan("targets: [{vms: {names: [\"sql-*\"]}}, {host: h1}]", Estate.Of("h1: sql-1 app-1", "h2: sql-2 app-2"))).ShouldBe(["app-1", "sql-2", "sql-1"]);

    [Fact]
    public void Host_selector_needs_site_and_every_label()
    {
        var labelled = Estate.Host("h1: a") with { Labels = new Dictionary<string, string> { ["rack"] = "r1", ["room"] = "2" } };
        var estate = new EstateView([labelled, Estate.Host("h2: b"), Estate.Host("h3: c", site: "south") with { Labels = labelled.Labels }]);

        Names(Plan("targets: [{hosts: {site: West, labels: {rack: r1}}}]", estate)).ShouldBe(["a"]);
    }

    [Fact]
    public void Ids_select_whatever_the_name_and_a_selector_of_ids_selects_nothing_else()
    {
        var id = Estate.IdOf("app-1");

        Names(Plan($"targets: [{{vms: {{ids: [{id}]}}}}]", Estate.Of("h: app-1 app-2"))).ShouldBe(["app-1"]);
        Names(Plan($"targets: [{{vms: {{ids: [{id}], names: [\"sql-*\"]}}}}]", Estate.Of("h: app-1 app-2 sql-1"))).ShouldBe(["app-1", "sql-1"]);
    }

    [Fact]
    public void Machine_that_was_picked_and_cannot_be_failed_back_is_refused_with_its_reason()
    {
        var host = Estate.Host("h: sql-1") with { VirtualMachines = [Estate.Machine("sql-1"), Estate.Machine("sql-2", "it is not a replica")] };

        var picked = Plan("targets: [{vms: {names: [\"sql-*\"]}}]", new EstateView([host]));
        picked.Plan.Refused.ShouldBe([new RefusedItem("h", Estate.IdOf("sql-2"), "sql-2", "it is not a replica")]);
        Names(picked).ShouldBe(["sql-1"]);

        Plan("targets: [{host: h}]", new EstateView([host])).Plan.Refused.ShouldBeEmpty("every eligible machine was asked for, and no other");
    }

    [Fact]
    public void Id_that_no_host_has_is_refused()
        => Plan("targets: [{}, {vms: {ids: [a3f00000-0000-4000-8000-000000000001]}}]", Estate.Of("h: a")).Plan.Refused.ShouldHaveSingleItem()
            .ShouldBe(new RefusedItem("", new Guid("a3f00000-0000-4000-8000-000000000001"), "a3f00000-0000-4000-8000-000000000001", "spec.targets[1].vms.ids names it, and no selected host has it"));

    [Fact]
    public void Item_that_no_wave_takes_is_refused()
        => Plan("targets: [{}]\nwaves: [{name: a, match: {vms: {names: [\"sql-*\"]}}}]", Estate.Of("h: sql-1 app-1")).Plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe("no wave takes it");

    [Fact]
    public void Selectors_that_match_nothing_and_hosts_that_could_not_be_asked_are_warnings()
    {
        var dead = Estate.Host("dead: ") with { UnreachableReason = "connection refused" };
        var estate = new EstateView([Estate.Host("h: a"), dead]);

        Plan("targets: [{}, {host: nope}, {hosts: {site: mars}}, {vms: {names: [\"x-*\"]}}]\nwaves: [{name: w, match: {vms: {names: [\"y-*\"]}}}, {name: rest}]\ndependencies: [{item: {vm: q-*}, after: {vm: a}}]", estate)
            .Plan.Warnings.Select(warning => $"{warning.Kind}: {warning.Message}").ShouldBe(
            [
                "HostUnreachable: Host dead could not be asked for its machines: connection refused",
                "UnknownHost: spec.targets[1].host names 'nope', which is not a known host.",
                "TargetMatchesNothing: spec.targets[2].hosts matches no known host.",
                "TargetMatchesNothing: spec.targets[3].vms.names has 'x-*', which matches no machine.",
                "WaveMatchesNothing: Wave w has no items: its match selects none of the campaign's machines.",
                "DependencyMatchesNothing: spec.dependencies[0].item matches no item of the campaign, so q-* after a has no effect.",
            ]);
    }

    [Theory]
    [InlineData("targets: [{}]", false)]
    [InlineData("targets: [{vms: {names: [\"sql-*\"]}}]", true)]
    public void What_must_not_be_failed_back_is_told_even_where_no_machine_was_named(string targets, bool named)
    {
        var host = Estate.Host("h: ") with { VirtualMachines = [Estate.Machine("sql-1"), Estate.Machine("sql-2") with { Conflict = "it runs on e too" }, Estate.Machine("sql-3", "it is not a replica") with { Conflict = "it runs on e too" }] };

        var plan = Plan(targets, new EstateView([host])).Plan;

        plan.Items.Select(item => item.VirtualMachineName).ShouldBe(["sql-1"]);
        plan.Refused.Select(refused => $"{refused.VirtualMachineName}: {refused.Reason}")
            .ShouldBe(named ? ["sql-2: it runs on e too", "sql-3: it is not a replica"] : ["sql-2: it runs on e too"]);
    }

    [Fact]
    public void Empty_campaign_is_a_problem_that_says_what_was_refused()
    {
        var host = Estate.Host("h: ") with { VirtualMachines = [Estate.Machine("sql-1", "it is not a replica")] };

        Plan("targets: [{vms: {names: [\"sql-*\"]}}]", new EstateView([host])).Problems.ShouldHaveSingleItem().ShouldBe(new PlanProblem(
            PlanProblemKind.NoItems,
            "spec.targets",
            "The campaign has no items: spec.targets selects no machine that can be failed back. 1 machines were refused, the first, sql-1, because it is not a replica."));
    }

    [Fact]
    public void Cycle_that_only_the_machines_show_is_a_problem_with_its_path()
        => Plan("targets: [{}]\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}, {item: {vm: sql-1}, after: {vm: \"*-1\"}}]", Estate.Of("h: app-1 sql-1"))
            .Problems.ShouldHaveSingleItem().Message.ShouldBe("spec.dependencies[1] makes items wait for each other: app-1 → sql-1 → app-1.");

    [Fact]
    public void Dependency_on_a_later_wave_is_a_problem()
        => Plan("targets: [{}]\nwaves: [{name: a, match: {vms: {names: [\"app-*\"]}}}, {name: b}]\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]", Estate.Of("h: app-1 sql-1"))
            .Problems.ShouldHaveSingleItem().ShouldBe(new PlanProblem(
                PlanProblemKind.DependencyOrder,
                "spec.dependencies[0]",
                "spec.dependencies[0] makes app-1 wait for sql-1, which is in a later wave; move it to the same wave or an earlier one."));

    [Fact]
    public void Take_passes_over_items_that_wait_for_one_of_no_earlier_wave()
    {
        const string Spec = "targets: [{}]\nwaves: [{name: canary, take: 2}, {name: databases, match: {vms: {names: [\"sql-*\"]}}}, {name: late, take: 1}, {name: rest}]\ndependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]";
        var result = Plan(Spec, Estate.Of("h1: app-1 sql-1", "h2: app-2 sql-2 web-2", "h3: sql-3"));

        result.Problems.ShouldBeEmpty();
        result.Plan.Items.Select(item => (item.VirtualMachineName, item.Wave)).ShouldBe(
            [("sql-1", 0), ("sql-2", 0), ("sql-3", 1), ("app-1", 2), ("app-2", 3), ("web-2", 3)]);
    }

    [Fact]
    public void AfterOf_gives_the_union_of_what_an_item_waits_for()
    {
        var plan = Plan("targets: [{}]\ndependencies: [{item: {vm: web}, after: {vm: app-*}}, {item: {vm: web}, after: {vm: \"*-1\"}}]", Estate.Of("h: app-1 app-2 sql-1 web")).Plan;

        plan.AfterOf(3).Select(item => plan.Items[item].VirtualMachineName).ShouldBe(["app-1", "app-2", "sql-1"]);
        plan.AfterOf(0).ShouldBeEmpty();
    }

    [Fact]
    public void Peaks_are_what_hosts_then_links_then_sites_let_through()
    {
        var estate = new EstateView([Estate.Host("h1: a b c d"), Estate.Host("h2: e"), Estate.Host("h3: f g h", site: "south")]);

        Plan("targets: [{}]\nlimits: {campaign: 100, host: 2, site: 2, link: 50}", estate).Plan.Peaks.ShouldBe(
        [
            new LimitPeak("campaign", "", 100, 4),
            new LimitPeak("site", "south", 2, 2),
            new LimitPeak("site", "west", 2, 2),
            new LimitPeak("link", "south → east", 50, 2),
            new LimitPeak("link", "west → east", 50, 3),
            new LimitPeak("host", "h1", 2, 2),
            new LimitPeak("host", "h2", 2, 1),
            new LimitPeak("host", "h3", 2, 2),
        ]);
    }

    [Fact]
    public void Plan_says_each_gate_in_words()
        => Plan("targets: [{}]\nwaves: [{name: a, take: 1, gate: {approval: {by: [ann, bob]}, soak: 10m}}, {name: b}]", Estate.Uniform(1, 2)).Plan.Waves[0].Gate
            .ShouldBe("approval by ann or bob and soak of 10m");

    [FsCheck.Xunit.Property(MaxTest = 100)]
    public bool Plan_gives_every_machine_to_exactly_one_wave_or_refuses_it(FsCheck.PositiveInt hosts, FsCheck.PositiveInt machines, FsCheck.PositiveInt take)
    {
        var estate = Estate.Uniform((hosts.Get % 12) + 1, (machines.Get % 12) + 1);
        var total = estate.Hosts.Sum(host => host.VirtualMachines.Count);
        var plan = Plan($"targets: [{{}}]\nwaves: [{{name: a, take: {take.Get}}}, {{name: b, match: {{vms: {{names: [\"*-1\"]}}}}}}, {{name: c, take: 30%}}]", estate).Plan;
        var all = plan.Items.Select(item => item.VirtualMachineId).Concat(plan.Refused.Select(refused => refused.VirtualMachineId!.Value)).ToList();
        return all.Count == total && all.Distinct().Count() == total && plan.Items.Zip(plan.Items.Skip(1)).All(pair => pair.First.Wave <= pair.Second.Wave);
    }
}
