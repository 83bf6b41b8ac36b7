using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Agents;

/// <summary>A machine that runs where it is to go. The recovery site's hosts are west, the primary site's are east.</summary>
public sealed class PrimarySiteCheckTests : CoordinatorTest
{
    private const string Refusal = "RUNNING_AT_PRIMARY_SITE: it runs on hv-east-01 too. Turn it off there, or accept RUNNING_AT_PRIMARY_SITE in readiness.ignore if what runs there is meant to be overwritten.";

    private FakeAgent _west = null!;
    private FakeAgent _east = null!;

    public override async ValueTask InitializeAsync()
    {
        _west = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        _east = await AddAgentAsync("hv-east-01", "vm-1", "vm-2");
        for (var index = 0; index < 2; index++)
        {
            _east.Machines[index].Id = _west.Machines[index].Id;
            _east.Machines[index].Eligible = false;
            _east.Machines[index].PowerState = PowerState.Off;
        }
    }

    private async Task<CampaignPlan> PlanAsync(params string[] spec) => await Coordinator.Campaigns.PlanCampaignAsync(
        new PlanCampaignRequest { Document = new CampaignDocument { Text = Yaml.Campaign(spec: spec) } });

    [Theory]
    [InlineData(PowerState.Running)]
    [InlineData(PowerState.Paused)]
    [InlineData(PowerState.Starting)]
    public async Task A_plan_leaves_out_what_runs_on_the_other_side_and_says_where(PowerState power)
    {
        _east.Machines[1].PowerState = power;
        await StartCoordinatorAsync();

        var plan = await PlanAsync();

        plan.Items.Select(item => item.VirtualMachineName).ShouldBe(["vm-1"]);
        plan.Refused.ShouldHaveSingleItem().Reason.ShouldBe(Refusal);
    }

    [Theory]
    [InlineData(PowerState.Off)]
    [InlineData(PowerState.Saved)]
    public async Task What_stands_still_on_the_other_side_is_no_obstacle(PowerState power)
    {
        _east.Machines[1].PowerState = power;
        await StartCoordinatorAsync();

        (await PlanAsync()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_document_may_accept_it()
    {
        _east.Machines[1].PowerState = PowerState.Running;
        await StartCoordinatorAsync();

        (await PlanAsync("readiness: {ignore: [RUNNING_AT_PRIMARY_SITE]}")).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_side_that_does_not_answer_is_no_obstacle()
    {
        await _east.StopAsync();
        await StartCoordinatorAsync();

        (await PlanAsync()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_machine_of_another_identity_is_another_machine()
    {
        _east.Machines[1].PowerState = PowerState.Running;
        _east.Machines[1].Id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        await StartCoordinatorAsync();

        (await PlanAsync()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task With_required_readiness_it_is_looked_at_again_before_the_start()
    {
        var isOff = false;
        _west.Finds = _ => Volatile.Read(ref isOff) ? [] : [new ReadinessCheck { Id = "VIRTUAL_MACHINE_NOT_OFF", Severity = CheckSeverity.Blocking }];
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: ["readiness: {required: true}", "tolerance: {failures: 2}"]));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Items.Values.All(item => item.State == ItemState.NotReady), "both to be found not ready");

        // Somebody turns the wrong one on. A look serves half a minute, but not the next process.
        await Coordinator.StopAsync();
        _east.Machines[1].PowerState = PowerState.Running;
        Volatile.Write(ref isOff, true);
        await Coordinator.StartAsync();
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });

        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        end.Item("vm-2").State.ShouldBe(ItemState.Failed);
        end.Item("vm-2").Explanation.ShouldContain(Refusal);
        _west.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task A_site_is_listed_once_for_all_that_ask()
    {
        await StartCoordinatorAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PlanAsync()));
        _east.Lists.ShouldBe(1);
    }

    [Fact]
    public async Task A_preflight_makes_the_hosts_checks_and_the_one_that_needs_both_sides()
    {
        _west.Finds = _ => [new ReadinessCheck { Id = "VIRTUAL_MACHINE_BUSY", Passed = true, Severity = CheckSeverity.Blocking }];
        _east.Machines[1].PowerState = PowerState.Running;
        await StartCoordinatorAsync();

        var answers = new List<ReadinessCheck>();
        foreach (var machine in _west.Machines)
        {
            var answer = await Coordinator.Hosts.CheckReadinessAsync(
                new Contracts.Campaigns.V1.CheckReadinessRequest { Parent = "hosts/hv-west-01", VirtualMachineId = machine.Id });
            answer.Ready.ShouldBeTrue();
            answer.VirtualMachine.Name.ShouldBe(machine.Name);
            answer.Checks.Select(check => check.Id).ShouldBe(["VIRTUAL_MACHINE_BUSY", "RUNNING_AT_PRIMARY_SITE"]);
            answers.Add(answer.Checks[1]);
        }

        answers[0].ShouldBe(new ReadinessCheck { Id = "RUNNING_AT_PRIMARY_SITE", Passed = true, Severity = CheckSeverity.Overridable, Observed = "it runs on no host of site east that answers" });
        answers[1].Passed.ShouldBeFalse();
        $"{answers[1].Id}: {answers[1].Observed} {answers[1].Remedy}".ShouldBe(Refusal);
    }

    [Fact]
    public async Task A_preflight_of_a_host_that_is_down_is_unavailable()
    {
        await StartCoordinatorAsync();
        await _west.StopAsync();

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Hosts.CheckReadinessAsync(
            new Contracts.Campaigns.V1.CheckReadinessRequest { Parent = "hosts/hv-west-01", VirtualMachineId = _west.Machines[0].Id }).ResponseAsync));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Unavailable, "HOST_UNREACHABLE"));
    }
}
