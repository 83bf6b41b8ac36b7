using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

public sealed class UpdateCampaignTests : CoordinatorTest
{
    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "sql-02");
        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task A_new_document_replaces_waves_and_items_and_is_what_runs()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        var updated = await UpdateAsync(campaign, Databases);

        updated.Revision.ShouldBeGreaterThan(campaign.Revision);
        updated.State.ShouldBe(CampaignState.Ready);
        updated.Document.ShouldBe(Databases);
        updated.Version.ShouldBeGreaterThan(campaign.Version);
        updated.Waves.Select(wave => (wave.Name, wave.Counts.Total)).ShouldBe([("databases", 2)]);
        (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.Select(item => item.VirtualMachineName).ShouldBe(["sql-01", "sql-02"]);

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        (end.Campaign.State, end.Campaign.Counts.Succeeded).ShouldBe((CampaignState.Completed, 2));
        Agents.Sum(agent => agent.Initiations).ShouldBe(2);
    }

    [Fact]
    public async Task A_new_document_survives_a_restart()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var updated = await UpdateAsync(campaign, Databases);

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var taken = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name });
        (taken.Document, taken.Revision, taken.Counts.Total).ShouldBe((Databases, updated.Revision, 2));
        (await Coordinator.CreateAsync(Databases)).Uid.ShouldBe(campaign.Uid);
    }

    [Fact]
    public async Task A_watcher_is_told_the_new_revision_with_all_its_items()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        using var watching = Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name });
        await watching.ResponseStream.MoveNext();
        watching.ResponseStream.Current.Items.Count.ShouldBe(3);

        var updated = await UpdateAsync(campaign, Databases);

        (await watching.ResponseStream.MoveNext()).ShouldBeTrue();
        var update = watching.ResponseStream.Current;
        (update.Campaign.Revision, update.Campaign.Document, update.Snapshot).ShouldBe((updated.Revision, Databases, false));
        update.Items.Select(item => item.VirtualMachineName).ShouldBe(["sql-01", "sql-02"]);
    }

    [Fact]
    public async Task An_update_of_another_version_is_refused_and_changes_nothing()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var updated = await UpdateAsync(campaign, Databases, campaign.Version);

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => UpdateAsync(campaign, Yaml.Campaign(), campaign.Version)));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Aborted, "VERSION_MISMATCH"));
        failure.Metadata["version"].ShouldBe($"{updated.Version}");
        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Document.ShouldBe(Databases);
        (await Coordinator.AuditAsync(campaign.Name))[^1].Result.ShouldBe("ABORTED VERSION_MISMATCH");
    }

    [Fact]
    public async Task An_update_that_leaves_nothing_to_do_or_has_errors_is_refused()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        (await ReasonAsync(campaign, Yaml.Campaign().Replace("site: west", "site: north", StringComparison.Ordinal))).ShouldBe("NO_ITEMS");
        (await ReasonAsync(campaign, "kind: Campaign")).ShouldBe("INVALID_DOCUMENT");

        (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).Revision.ShouldBe(campaign.Revision);
    }

    [Fact]
    public async Task An_update_of_a_started_campaign_is_refused_by_its_state_without_asking_the_hosts()
    {
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchToEndAsync(campaign.Name);
        foreach (var agent in Agents)
        {
            await agent.StopAsync();
        }

        (await ReasonAsync(campaign, Databases)).ShouldBe("CAMPAIGN_STATE");
    }

    [Fact]
    public async Task A_scheduled_campaign_that_is_updated_must_be_scheduled_again()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest
        {
            Name = campaign.Name,
            StartTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddHours(1)),
        });

        var updated = await UpdateAsync(campaign, Databases);

        (updated.State, updated.StartTime).ShouldBe((CampaignState.Ready, null));
    }

    private static string Databases { get; } = Yaml.Campaign(spec: "waves: [{name: databases}]").Replace("hosts: {site: west}", "hosts: {site: west}, vms: {names: ['sql-*']}", StringComparison.Ordinal);

    private async Task<Campaign> UpdateAsync(Campaign campaign, string document, long expectedVersion = 0) =>
        await Coordinator.Campaigns.UpdateCampaignAsync(new UpdateCampaignRequest
        {
            Name = campaign.Name,
            Document = new CampaignDocument { Text = document, Source = "new.yaml" },
            ExpectedVersion = expectedVersion,
        });

    private async Task<string> ReasonAsync(Campaign campaign, string document) =>
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => UpdateAsync(campaign, document))).Reason;
}
