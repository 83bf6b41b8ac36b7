using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Channels = HostAgent.Contracts.Campaigns.V1.Notifications.NotificationsClient;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>People are told what campaigns do: over real sockets, from the recorded events, never in the way of a run.</summary>
public sealed class NotifierTests : CoordinatorTest
{
    private static readonly string[] Quick = ["--Coordinator:Notifications:Interval", "00:00:01"];

    private Receiver _receiver = null!;

    public override async ValueTask InitializeAsync() => _receiver = await new Receiver(Pki).StartAsync();

    private protected override ValueTask CleanAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Whole_campaign_is_told_signed_and_in_order()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), .. Quick]);
        var campaign = await new Scenarios(coordinator, agent).AtGateAsync();
        await _receiver.UntilAsync(() => Told("approval.waiting") == 1, "the approval that is waited for");
        _receiver.Taken.Last().Text.ShouldContain("Wave canary waits for approval by dr-lead: 1 of 1 succeeded.");
        _receiver.Taken.Last().Text.ShouldContain($"failback campaign approve {campaign.Name.Split('/')[1]} canary");

        await coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary", Comment = "all is well" });
        await coordinator.WatchToEndAsync(campaign.Name);
        await _receiver.UntilAsync(() => Told("campaign.finished") == 1, "the end");

        foreach (var topic in (string[])["campaign.started", "approval.waiting", "approval.given", "campaign.finished"])
        {
            Told(topic).ShouldBe(1, topic);
        }

        Told("wave.ended").ShouldBe(2);
        _receiver.Taken.ShouldAllBe(one => one.IsSigned && one.ContentType == "application/cloudevents+json; charset=utf-8" && one.Event.GetProperty("specversion").GetString() == "1.0");
        _receiver.Taken.ShouldAllBe(one => one.Event.GetProperty("id").GetString() == one.Id && one.Event.GetProperty("source").GetString() == "/notificationChannels/ops");
        _receiver.Taken.Select(one => one.Event.GetProperty("subject").GetString()).Distinct().ShouldHaveSingleItem().ShouldBe(campaign.Name);
        _receiver.Taken.Select(one => one.Id).ShouldBeUnique();
        _receiver.Taken.Select(one => one.Data.GetProperty("first_version").GetInt64()).ShouldBeInOrder();
        _receiver.Taken.Last().Data.GetProperty("state").GetString().ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task Receiver_that_hangs_slows_no_campaign_and_is_told_everything_when_it_is_back()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var hangs = true;
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = (_, context) => hangs ? released.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask;
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops", ("Timeout", "00:00:01")), .. Quick]);

        for (var number = 0; number < 5; number++)
        {
            (await coordinator.WatchToEndAsync((await coordinator.CreateAndStartAsync(Yaml.Campaign($"home-{number}", "readiness: {ignore: [OTHER_COPY_FAILED_BACK]}"))).Name)).ShouldNotBeNull();
        }

        // All five have ended although nothing at all was taken.
        _receiver.Taken.ShouldBeEmpty();
        await _receiver.UntilAsync(() => _receiver.Got.Count >= 2, "it is tried again");
        _receiver.Got.Select(one => one.Id).Distinct().ShouldHaveSingleItem();
        hangs = false;
        released.SetResult();
        await _receiver.UntilAsync(() => Told("campaign.finished") == 5, "five ends");
        Told("campaign.started").ShouldBe(5);
        await UntilAsync(async () => (await ChannelAsync(coordinator)) is { Waiting: 0, Error: "" }, "the channel is well again");
    }

    [Fact]
    public async Task Nothing_is_lost_over_restarts_while_the_receiver_is_away()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await _receiver.StopAsync();
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), "--Coordinator:Notifications:Interval", "00:01:00"]);
        var campaign = await new Scenarios(coordinator, agent).AtGateAsync();
        await coordinator.StopAsync();
        await coordinator.StartAsync();
        await coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary" });
        await coordinator.WatchToEndAsync(campaign.Name);
        await coordinator.StopAsync();
        await coordinator.StartAsync();
        await _receiver.StartAsync();

        await _receiver.UntilAsync(() => Told("campaign.finished") == 1, "the end");
        var topics = _receiver.Taken.SelectMany(one => one.Counts).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Sum(count => count.Value));
        topics.ShouldBe(new Dictionary<string, int> { ["campaign.started"] = 1, ["approval.waiting"] = 1, ["approval.given"] = 1, ["wave.ended"] = 2, ["campaign.finished"] = 1 }, ignoreOrder: true);
        _receiver.Taken.Select(one => one.Id).ShouldBeUnique();
    }

    [Fact]
    public async Task What_happened_before_there_was_a_channel_is_not_told()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var coordinator = await StartCoordinatorAsync();
        var campaign = await new Scenarios(coordinator, agent).AtGateAsync();
        await coordinator.StopAsync();
        coordinator.Arguments = [.. _receiver.Channel("ops"), .. Quick];
        await coordinator.StartAsync();

        await coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = campaign.Name, Wave = "canary" });
        await coordinator.WatchToEndAsync(campaign.Name);
        await _receiver.UntilAsync(() => Told("campaign.finished") == 1, "the end");

        (Told("campaign.started"), Told("approval.waiting"), Told("approval.given")).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task Channel_is_told_only_what_it_wants_of_the_campaigns_that_it_covers()
    {
        await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops", ("Events:0", "campaign.finished"), ("Campaigns:0", "home-*")), .. Quick]);
        foreach (var name in (string[])["other", "home-1"])
        {
            await coordinator.WatchToEndAsync((await coordinator.CreateAndStartAsync(Yaml.Campaign(name))).Name);
        }

        await _receiver.UntilAsync(() => !_receiver.Taken.IsEmpty, "the end of home-1");

        var told = _receiver.Taken.ShouldHaveSingleItem();
        (told.Type, told.Event.GetProperty("subject").GetString()).ShouldBe(("failback.campaign.finished", "campaigns/home-1"));
    }

    [Theory]
    [InlineData(410, "The receiver answered 410: it is gone.")]
    [InlineData(400, "The receiver answered 400.")]
    [InlineData(307, "The receiver answered 307; redirects are not followed.")]
    public async Task What_is_refused_is_a_dead_letter_that_a_person_has_delivered_again_under_its_id(int status, string reason)
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync("<script>not to be shown</script>");
        };
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops", ("Events:0", "campaign.finished")), .. Quick]);
        var channels = new Channels(coordinator.Connect(PeerRole.Operator, "dr-lead"));
        await coordinator.WatchToEndAsync((await coordinator.CreateAndStartAsync(Yaml.Campaign())).Name);
        await UntilAsync(async () => (await ChannelAsync(coordinator)).DeadLetters == 1, "a dead letter");

        var letter = (await channels.ListDeadLettersAsync(new ListDeadLettersRequest { Parent = "notificationChannels/-" })).DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Attempts, letter.Channel, letter.Campaign).ShouldBe((reason, 1, "notificationChannels/ops", "campaigns/return-to-east"));
        letter.Subject.ShouldBe("return-to-east: campaign finished (COMPLETED)");
        _receiver.Got.Count.ShouldBe(1);

        _receiver.Answer = (_, _) => Task.CompletedTask;
        (await channels.ReplayDeadLettersAsync(new ReplayDeadLettersRequest { Parent = letter.Channel, Ids = { letter.Id } })).Count.ShouldBe(1);
        await _receiver.UntilAsync(() => !_receiver.Taken.IsEmpty, "the letter");
        _receiver.Taken.Single().Id.ShouldBe(letter.Id);
        await UntilAsync(async () => await ChannelAsync(coordinator) is { DeadLetters: 0, Waiting: 0, Error: "" }, "all is well");
        var audit = await channels.GetNotificationAudit(new GetNotificationAuditRequest()).ResponseStream.ReadAllAsync().ToListAsync();
        audit.ShouldHaveSingleItem().Action.ShouldBe("ReplayDeadLetters");
    }

    [Fact]
    public async Task Dead_letters_are_discarded_and_unknown_ones_refused_and_both_are_recorded()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), .. Quick]);
        var channels = new Channels(coordinator.Connect(PeerRole.Operator, "dr-lead"));
        await coordinator.WatchToEndAsync((await coordinator.CreateAndStartAsync(Yaml.Campaign())).Name);
        await UntilAsync(async () => await ChannelAsync(coordinator) is { DeadLetters: > 0, Waiting: 0 }, "dead letters");
        var dead = (await ChannelAsync(coordinator)).DeadLetters;

        (await Should.ThrowAsync<RpcException>(async () => await channels.DiscardDeadLettersAsync(new DiscardDeadLettersRequest { Parent = "notificationChannels/ops", Ids = { "none" } }))).StatusCode
            .ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await channels.ReplayDeadLettersAsync(new ReplayDeadLettersRequest { Parent = "notificationChannels/other" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        var pages = new List<string>();
        var request = new ListDeadLettersRequest { Parent = "notificationChannels/ops", PageSize = 1 };
        do
        {
            var page = await channels.ListDeadLettersAsync(request);
            pages.AddRange(page.DeadLetters.Select(letter => letter.Id));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        pages.Count.ShouldBe(dead);
        (await channels.DiscardDeadLettersAsync(new DiscardDeadLettersRequest { Parent = "notificationChannels/ops" })).Count.ShouldBe(dead);
        (await ChannelAsync(coordinator)).DeadLetters.ShouldBe(0);
        var audit = await channels.GetNotificationAudit(new GetNotificationAuditRequest()).ResponseStream.ReadAllAsync().ToListAsync();
        audit.Select(record => (record.Action, record.Result)).ShouldBe([("DiscardDeadLetters", "NOT_FOUND DEAD_LETTER_NOT_FOUND"), ("DiscardDeadLetters", "OK")]);
    }

    [Fact]
    public async Task Test_proves_a_channel_or_says_why_not_and_viewers_may_only_look()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), .. Quick]);
        var channels = new Channels(coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var viewer = new Channels(coordinator.Connect(PeerRole.Viewer, "auditor"));
        var request = new TestNotificationChannelRequest { Name = "notificationChannels/ops" };

        var before = (await viewer.ListNotificationChannelsAsync(new ListNotificationChannelsRequest())).Channels.ShouldHaveSingleItem();
        (before.SuccessTime, before.Kind, before.Target).ShouldBe((null, "webhook", _receiver.Url[.._receiver.Url.IndexOf("/hooks", StringComparison.Ordinal)]));
        (await Should.ThrowAsync<RpcException>(async () => await viewer.TestNotificationChannelAsync(request))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await channels.TestNotificationChannelAsync(request)).SuccessTime.ShouldNotBeNull();
        var got = _receiver.Got.ShouldHaveSingleItem();
        (got.Type, got.IsSigned).ShouldBe(("failback.test", true));
        got.Text.ShouldStartWith("dr-lead tested the channel ops");

        await _receiver.StopAsync();
        var refused = await Should.ThrowAsync<RpcException>(async () => await channels.TestNotificationChannelAsync(request));
        refused.StatusCode.ShouldBe(StatusCode.Unavailable);
        refused.Status.Detail.ShouldContain("the test of notificationChannels/ops was not delivered: Connection refused");
        var after = await ChannelAsync(coordinator);
        (after.SuccessTime is not null, after.Error.Length > 0).ShouldBe((true, true));
    }

    [Fact]
    public async Task Run_of_a_schedule_starts_without_a_person_to_prove_its_channel()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), .. Quick]);
        var campaign = await coordinator.CreateAsync(Yaml.Campaign("home", "notifications: {require: [ops], within: 12h}"));
        var start = new CampaignCall("StartCampaign", new StartCampaignRequest { Name = campaign.Name }, new Caller("dr-lead", "campaigns/weekly", string.Empty));
        var owners = coordinator.Services.GetRequiredService<ICampaignOwners>();

        (await Should.ThrowAsync<RpcFailure>(() => owners.CallAsync("home", start, TestContext.Current.CancellationToken))).Reason.ShouldBe("CHANNEL_NOT_PROVEN");
        ((Campaign)await owners.CallAsync("home", start with { IsScheduled = true }, TestContext.Current.CancellationToken)).State.ShouldBe(CampaignState.Running);
    }

    [Fact]
    public async Task Campaign_that_demands_a_proven_channel_starts_only_with_one()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        var coordinator = await StartCoordinatorAsync(arguments: [.. _receiver.Channel("ops"), .. Quick]);
        var channels = new Channels(coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var other = await coordinator.CreateAsync(Yaml.Campaign("other", "notifications: {require: [dr-mail]}"));
        (await RefusedAsync(other)).ShouldBe("campaigns/other demands that channel 'dr-mail' is proven: the coordinator's settings have only ops");
        var campaign = await coordinator.CreateAsync(Yaml.Campaign("home", "notifications: {require: [ops], within: 12h}"));
        (await RefusedAsync(campaign)).ShouldBe("campaigns/home demands that channel 'ops' is proven: it has delivered nothing yet, and must have within 12h; type: failback notify test ops");
        (await coordinator.AuditAsync(campaign.Name)).Last().Result.ShouldBe("FAILED_PRECONDITION CHANNEL_NOT_PROVEN");

        await channels.TestNotificationChannelAsync(new TestNotificationChannelRequest { Name = "notificationChannels/ops" });
        await coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        (await coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);

        async Task<string> RefusedAsync(Campaign refused)
        {
            var failure = await Should.ThrowAsync<RpcException>(async () => await coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = refused.Name }));
            failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
            return failure.Status.Detail.TrimEnd('.');
        }
    }

    private int Told(string topic) => _receiver.Taken.Sum(one => one.Counts.GetValueOrDefault(topic));

    private static async Task<NotificationChannel> ChannelAsync(TestCoordinator coordinator)
        => (await new Channels(coordinator.Connect(PeerRole.Viewer, "auditor")).ListNotificationChannelsAsync(new ListNotificationChannelsRequest())).Channels.Single();
}
