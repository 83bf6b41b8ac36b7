using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>What a plan refuses or warns of stays with the campaign: told, stored, and accepted by somebody who is named, or refused.</summary>
public sealed class PlanNotesTests : CoordinatorTest
{
    private const string Unheard = "dependencies: [{item: {vm: vm-1}, after: {vm: nothing-*}}]";

    [Fact]
    public async Task Machines_go_home_by_their_providers_and_one_whose_provider_is_not_told_is_left_out_with_the_reason()
    {
        var agent = await AddAgentAsync("hv-west-01", "sql-01", "sql-02", "sql-03");
        agent.Machines[0].ExternalProvider = true;
        foreach (var machine in agent.Machines)
        {
            machine.ReplicationMode = Contracts.Failback.V1.ReplicationMode.Replica;
        }

        (agent.Machines[2].ExternalProvider, agent.Machines[2].ReplicationState) = (false, Contracts.Failback.V1.ReplicationState.Replicating);
        await StartCoordinatorAsync();

        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: {name: auto, outage: automatic}").Replace("{hosts: {site: west}}", "{hosts: {site: west}, vms: {names: [sql-*]}}", StringComparison.Ordinal));

        campaign.Counts.Total.ShouldBe(1);
        campaign.Refused.Select(refused => (refused.VirtualMachineName, refused.Reason)).ShouldBe(
            [
                ("sql-02", "its host does not tell which provider replicates it: name the strategy, host-to-host or initiate-failback"),
                ("sql-03", "it is a replica that was not failed over (state Replicating): production does not run here"),
            ], ignoreOrder: true);
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await agent.UntilAsync(() => agent.Operations.Values.Any(operation => operation.VirtualMachineName == "sql-01"), "the failback call for sql-01");
    }

    [Fact]
    public async Task Campaign_whose_plan_lacks_what_its_document_asks_for_is_not_stored()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();

        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.CreateAsync(Yaml.Campaign(spec: Unheard))));

        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.FailedPrecondition, "PLAN_WARNINGS"));
        refused.PreconditionViolations.ShouldHaveSingleItem().Type.ShouldBe("DEPENDENCY_MATCHES_NOTHING");
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Acceptance_is_kept_with_its_name_in_campaign_audit_and_report_also_after_a_restart()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var document = new CampaignDocument { Text = Yaml.Campaign(spec: Unheard) };
        await Coordinator.Campaigns.CreateCampaignAsync(new CreateCampaignRequest { Document = document, AcceptWarnings = true });
        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var campaign = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/return-to-east" });

        campaign.WarningsAcceptedBy.ShouldContain("dr-lead");
        campaign.Warnings.ShouldHaveSingleItem().Kind.ShouldBe(PlanWarningKind.DependencyMatchesNothing);
        (await Coordinator.AuditAsync(campaign.Name))[0].Details.ShouldContain("\"acceptWarnings\": true");
        (await ReportAsync(campaign.Name)).ShouldContain("nothing-*");
    }

    [Fact]
    public async Task Machine_that_was_asked_for_and_left_out_is_told_by_a_campaign_that_is_completed()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Machines[1].Eligible = false;
        agent.Machines[1].IneligibleReason = "it is running";
        await StartCoordinatorAsync();
        var created = await Coordinator.CreateAndStartAsync(Yaml.Campaign().Replace("{hosts: {site: west}}", "{hosts: {site: west}, vms: {names: [vm-*]}}", StringComparison.Ordinal));
        created.Refused.ShouldHaveSingleItem().VirtualMachineName.ShouldBe("vm-2");

        var end = await Coordinator.WatchToEndAsync(created.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Campaign.RefusedCount.ShouldBe(1);
        end.Campaign.WarningsAcceptedBy.ShouldBeEmpty();
        end.Campaign.Explanation.ShouldEndWith("1 selected machines were never part of it.");
    }

    [Fact]
    public async Task Update_refuses_and_accepts_as_create_does()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var update = new UpdateCampaignRequest { Name = campaign.Name, Document = new CampaignDocument { Text = Yaml.Campaign(spec: Unheard) } };

        RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.UpdateCampaignAsync(update))).Reason.ShouldBe("PLAN_WARNINGS");

        update.AcceptWarnings = true;
        (await Coordinator.Campaigns.UpdateCampaignAsync(update)).WarningCount.ShouldBe(1);
    }

    [Fact]
    public async Task Machines_of_another_campaign_that_has_not_ended_are_noted_and_need_no_acceptance()
    {
        await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        await Coordinator.CreateAsync(Yaml.Campaign("one"));

        var two = await Coordinator.CreateAsync(Yaml.Campaign("two"));

        var warning = two.Warnings.ShouldHaveSingleItem();
        (warning.Kind, warning.NeedsAcceptance).ShouldBe((PlanWarningKind.OtherCampaign, false));
        warning.Message.ShouldContain("2 of these machines, the first vm-1, are also items of campaigns/one");
    }

    private async Task<string> ReportAsync(string campaign)
    {
        using var call = Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = campaign, Format = ReportFormat.Json });
        return string.Concat(await call.ResponseStream.ReadAllAsync().Select(piece => piece.Content.ToStringUtf8()).ToListAsync());
    }
}
