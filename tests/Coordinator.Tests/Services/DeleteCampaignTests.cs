using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>What goes with a campaign, and what stays.</summary>
public sealed class DeleteCampaignTests : CoordinatorTest
{
    private Scenarios _scenarios = null!;

    public override async ValueTask InitializeAsync()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        _scenarios = new Scenarios(Coordinator, agent);
    }

    [Fact]
    public async Task An_ended_campaign_goes_and_its_audit_stays_also_after_a_restart()
    {
        var campaign = await _scenarios.InAsync(CampaignState.Completed);
        var before = await Coordinator.AuditAsync(campaign.Name);

        await DeleteAsync(campaign);
        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        (await FailureAsync(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name }))).Reason.ShouldBe("CAMPAIGN_NOT_FOUND");
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldBeEmpty();
        var audit = await Coordinator.AuditAsync(campaign.Name);
        var verifier = new AuditVerifier(campaign.Name);
        audit.ForEach(record => verifier.Take(record).ShouldBeNull());
        audit.Count.ShouldBe(before.Count + 1);
        (audit[^1].Action, audit[^1].Result).ShouldBe(("DeleteCampaign", "OK"));
        (await Coordinator.Get<IEventStore>().LoadHoldsAsync(default)).ShouldAllBe(hold => hold.Campaign == Guid.Parse(campaign.Uid));
        (await FailureAsync(() => Coordinator.Campaigns.DeleteCampaignAsync(Request(campaign)))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task The_id_is_free_and_each_campaign_of_it_has_its_own_audit()
    {
        var first = await Coordinator.CreateAsync(Yaml.Campaign());
        await DeleteAsync(first);
        var second = await Coordinator.CreateAsync(Yaml.Campaign());

        second.Uid.ShouldNotBe(first.Uid);
        (await Coordinator.AuditAsync(second.Name)).ShouldHaveSingleItem();
        (await AuditOfAsync(first.Uid)).Select(record => record.Action).ShouldBe(["CreateCampaign", "DeleteCampaign"]);
        (await AuditOfAsync(second.Uid)).ShouldHaveSingleItem();
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => AuditOfAsync("42"))).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("uid");
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = second.Name });

        async Task<List<Contracts.Campaigns.V1.AuditRecord>> AuditOfAsync(string uid)
        {
            using var call = Coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = first.Name, Uid = uid });
            return await call.ResponseStream.ReadAllAsync().ToListAsync();
        }
    }

    [Theory]
    [InlineData(CampaignState.Ready, "")]
    [InlineData(CampaignState.Stopped, "")]
    [InlineData(CampaignState.CompletedWithFailures, "")]
    [InlineData(CampaignState.Scheduled, "CAMPAIGN_STATE")]
    [InlineData(CampaignState.Running, "CAMPAIGN_STATE")]
    [InlineData(CampaignState.Paused, "CAMPAIGN_STATE")]
    [InlineData(CampaignState.Stopping, "CAMPAIGN_STATE")]
    public async Task Only_what_has_ended_or_was_never_started_is_deleted(CampaignState state, string expected)
    {
        var campaign = await _scenarios.InAsync(state);

        var reason = string.Empty;
        try
        {
            await DeleteAsync(campaign);
        }
        catch (RpcException refused)
        {
            reason = RpcFailure.From(refused).Reason;
            (await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign.Name })).State.ShouldBe(state);
        }

        reason.ShouldBe(expected);
    }

    [Fact]
    public async Task It_needs_the_id_once_more_and_an_operator()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var viewer = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Viewer, "wall"));

        var unconfirmed = await FailureAsync(() => Coordinator.Campaigns.DeleteCampaignAsync(new DeleteCampaignRequest { Name = campaign.Name, ConfirmName = "return" }));
        var byViewer = await FailureAsync(() => viewer.DeleteCampaignAsync(Request(campaign)));

        (unconfirmed.StatusCode, unconfirmed.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIRMATION_REQUIRED"));
        byViewer.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await Coordinator.AuditAsync(campaign.Name))[^1].Result.ShouldBe("FAILED_PRECONDITION CONFIRMATION_REQUIRED");
    }

    [Fact]
    public async Task Who_watches_it_is_told_that_it_is_gone()
    {
        var campaign = await _scenarios.InAsync(CampaignState.Ready);
        using var call = Coordinator.Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign.Name });
        (await call.ResponseStream.MoveNext(default)).ShouldBeTrue();

        await DeleteAsync(campaign);

        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
            }
        }));
        failure.Reason.ShouldBe("CAMPAIGN_NOT_FOUND");
    }

    [Fact]
    public async Task Retention_deletes_what_ended_long_ago_as_the_coordinators_act()
    {
        var ended = await _scenarios.InAsync(CampaignState.Completed);
        var ready = await _scenarios.InAsync(CampaignState.Ready);
        var retention = Coordinator.Get<CampaignRetention>();

        await retention.SweepAsync(TimeSpan.FromDays(1), default);
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.Count.ShouldBe(2);

        await retention.SweepAsync(TimeSpan.Zero, default);
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldHaveSingleItem().Name.ShouldBe(ready.Name);
        var last = (await Coordinator.AuditAsync(ended.Name))[^1];
        (last.Actor, last.Action, last.Result).ShouldBe(("coordinator", "campaign-deleted", "OK"));
    }

    private async Task<Empty> DeleteAsync(Campaign campaign) => await Coordinator.Campaigns.DeleteCampaignAsync(Request(campaign));

    private static DeleteCampaignRequest Request(Campaign campaign) => new() { Name = campaign.Name, ConfirmName = campaign.Name["campaigns/".Length..] };

    private static async Task<RpcFailure> FailureAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call().ResponseAsync));
}
