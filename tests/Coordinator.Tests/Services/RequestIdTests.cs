using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Services;

/// <summary>A command with a request id takes effect once, however often it comes.</summary>
public sealed class RequestIdTests : CoordinatorTest
{
    private Scenarios _scenarios = null!;

    public override async ValueTask InitializeAsync()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        _scenarios = new Scenarios(Coordinator, agent);
    }

    [Fact]
    public async Task A_repeated_retry_does_nothing_again_when_its_items_have_failed_once_more()
    {
        var campaign = await _scenarios.InAsync(CampaignState.CompletedWithFailures);
        var request = new RetryItemsRequest { Name = campaign.Name, RequestId = Guid.NewGuid().ToString() };
        var first = await Coordinator.Campaigns.RetryItemsAsync(request);
        await Coordinator.WatchToEndAsync(campaign.Name);

        var again = await Coordinator.Campaigns.RetryItemsAsync(request);

        again.Items.Select(item => item.Name).ShouldBe(first.Items.Select(item => item.Name));
        await AssertAttemptsAsync(campaign, 2);
        (await Coordinator.AuditAsync(campaign.Name))[^1].Result.ShouldBe("OK UNCHANGED");

        request.RequestId = Guid.NewGuid().ToString();
        await Coordinator.Campaigns.RetryItemsAsync(request);
        await Coordinator.WatchToEndAsync(campaign.Name);
        await AssertAttemptsAsync(campaign, 3);
    }

    [Fact]
    public async Task A_repetition_is_known_after_a_restart()
    {
        var campaign = await _scenarios.InAsync(CampaignState.CompletedWithFailures);
        var request = new RetryItemsRequest { Name = campaign.Name, RequestId = Guid.NewGuid().ToString() };
        var first = await Coordinator.Campaigns.RetryItemsAsync(request);
        await Coordinator.WatchToEndAsync(campaign.Name);
        await Coordinator.StopAsync();
        await Coordinator.StartAsync();

        var again = await Coordinator.Campaigns.RetryItemsAsync(request);

        again.Items.Select(item => item.Name).ShouldBe(first.Items.Select(item => item.Name));
        await AssertAttemptsAsync(campaign, 2);
    }

    [Fact]
    public async Task The_other_verbs_answer_again_where_they_would_be_refused_without_an_id()
    {
        var campaign = await _scenarios.OfUnknownOutcomeAsync();
        var item = await _scenarios.ItemAsync(campaign, "vm-1");
        var resolve = new ResolveItemRequest { Name = item, Resolution = ItemState.Succeeded, Reason = "it runs in the east", RequestId = Guid.NewGuid().ToString() };
        (await Coordinator.Campaigns.ResolveItemAsync(resolve)).State.ShouldBe(ItemState.Succeeded);
        (await Coordinator.Campaigns.ResolveItemAsync(resolve)).State.ShouldBe(ItemState.Succeeded);

        var running = await _scenarios.InAsync(CampaignState.Running);
        var skip = new SkipItemRequest { Name = await _scenarios.ItemAsync(running, "vm-2"), RequestId = Guid.NewGuid().ToString() };
        var cancel = new CancelItemRequest { Name = await _scenarios.ItemAsync(running, "vm-1"), ConfirmPossibleDataLoss = true, RequestId = Guid.NewGuid().ToString() };
        for (var call = 0; call < 2; call++)
        {
            (await Coordinator.Campaigns.SkipItemAsync(skip)).State.ShouldBe(ItemState.Skipped);
            (await Coordinator.Campaigns.CancelItemAsync(cancel)).Name.ShouldBe(cancel.Name);
        }
    }

    [Fact]
    public async Task An_id_for_another_request_or_of_another_caller_is_refused()
    {
        var campaign = await _scenarios.InAsync(CampaignState.CompletedWithFailures);
        var request = new RetryItemsRequest { Name = campaign.Name, RequestId = Guid.NewGuid().ToString() };
        await Coordinator.Campaigns.RetryItemsAsync(request);
        var intern = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Operator, "intern"));

        var byAnother = await FailureAsync(() => intern.RetryItemsAsync(request));
        var otherwise = await FailureAsync(() => Coordinator.Campaigns.RetryItemsAsync(new RetryItemsRequest(request) { Reason = "once more" }));

        (byAnother.StatusCode, byAnother.Reason).ShouldBe((StatusCode.AlreadyExists, "REQUEST_ID_REUSED"));
        (otherwise.StatusCode, otherwise.Reason).ShouldBe((StatusCode.AlreadyExists, "REQUEST_ID_REUSED"));
        (await Coordinator.AuditAsync(campaign.Name)).Count(record => record.Result == "ALREADY_EXISTS REQUEST_ID_REUSED").ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_call_is_not_remembered_and_an_id_that_is_no_UUID_is_refused()
    {
        var campaign = await _scenarios.InAsync(CampaignState.Ready);
        var request = new RetryItemsRequest { Name = campaign.Name, RequestId = Guid.NewGuid().ToString() };
        (await FailureAsync(() => Coordinator.Campaigns.RetryItemsAsync(request))).Reason.ShouldBe("CAMPAIGN_STATE");
        (await FailureAsync(() => Coordinator.Campaigns.RetryItemsAsync(request))).Reason.ShouldBe("CAMPAIGN_STATE");

        request.RequestId = "42";
        (await FailureAsync(() => Coordinator.Campaigns.RetryItemsAsync(request))).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("request_id");
    }

    private async Task AssertAttemptsAsync(Campaign campaign, int attempts) =>
        (await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name })).Items.ShouldAllBe(item => item.Attempt == attempts);

    private static async Task<RpcFailure> FailureAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call().ResponseAsync));
}
