using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Coordinator.Tests.Faults;

/// <summary>The store takes no event: nothing is started unrecorded, and nothing that happened is lost.</summary>
public sealed class UnwritableStoreTests : CoordinatorTest
{
    [Fact]
    public async Task Command_is_refused_as_unavailable_asks_no_host_and_may_come_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        await using (await RefusingStore.MakeAsync(Coordinator.StoreFile))
        {
            var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await StartAsync(campaign)));

            (refused.StatusCode, refused.RetryDelay is null).ShouldBe((StatusCode.Unavailable, false));
            agent.Claims.ShouldBeEmpty();
            agent.Calls.ShouldBeEmpty();
        }

        await UntilAsync(() => IsTakenAsync(() => StartAsync(campaign)), "the command to be taken");
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Command_that_waits_for_a_campaign_to_be_reloaded_is_refused_too_and_has_no_effect()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the item to run");
        await using (await RefusingStore.MakeAsync(Coordinator.StoreFile))
        {
            // The first is refused by the store. The others wait: a campaign that runs is reloaded under a new epoch, which is not taken either.
            for (var attempt = 0; attempt < 3; attempt++)
            {
                var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.PauseCampaignAsync(
                    new PauseCampaignRequest { Name = campaign.Name }, deadline: DateTime.UtcNow + Limits.Patience)));
                (refused.StatusCode, refused.RetryDelay is null).ShouldBe((StatusCode.Unavailable, false));
            }
        }

        agent.Operation("vm-1").Succeed();
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        (await Coordinator.AuditAsync(campaign.Name)).Where(record => record.Action == "PauseCampaign").ShouldBeEmpty();
    }

    [Fact]
    public async Task Command_that_waits_for_a_campaign_is_refused_when_its_stored_data_turns_out_to_be_damaged()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync(clock);
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        await RefusingStore.ExecuteAsync(Coordinator.StoreFile, "UPDATE events SET data = replace(data, 'vm-1', 'vm-9') WHERE type = 'items-planned'");
        await using (await RefusingStore.MakeAsync(Coordinator.StoreFile))
        {
            // The store does not take the first. The campaign is reloaded after a pause on the coordinator's clock, for which the others wait.
            RpcFailure.From(await Should.ThrowAsync<RpcException>(() => StartAsync(campaign))).StatusCode.ShouldBe(StatusCode.Unavailable);
        }

        var waiting = Enumerable.Range(0, 3).Select(_ => StartUnlessTooEarlyAsync()).ToList();
        await UntilAsync(
            () =>
            {
                var ended = waiting.TrueForAll(command => command.IsCompleted);
                clock.Advance(TimeSpan.FromMilliseconds(1));
                return Task.FromResult(ended);
            },
            "the waiting commands to be refused");

        foreach (var command in waiting)
        {
            var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => command));
            (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.DataLoss, "STREAM_DAMAGED"));
        }

        agent.Calls.ShouldBeEmpty();

        // One that comes before the pause has begun is told to come again.
        async Task StartUnlessTooEarlyAsync()
        {
            while (true)
            {
                try
                {
                    await StartAsync(campaign);
                    return;
                }
                catch (RpcException exception) when (RpcFailure.From(exception).Reason == "NOT_OWNER")
                {
                    exception.StatusCode.ShouldBe(StatusCode.Unavailable);
                }
            }
        }
    }

    [Fact]
    public async Task Campaign_that_cannot_be_stored_is_refused_as_unavailable_and_may_come_again()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        await Coordinator.CreateAsync(Yaml.Campaign(name: "first"));
        await using (await RefusingStore.MakeAsync(Coordinator.StoreFile))
        {
            var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.CreateAsync(Yaml.Campaign())));

            (refused.StatusCode, refused.Reason, refused.RetryDelay is null).ShouldBe((StatusCode.Unavailable, "STORE_UNAVAILABLE", false));
        }

        (await Coordinator.CreateAsync(Yaml.Campaign())).State.ShouldBe(CampaignState.Ready);
    }

    [Fact]
    public async Task Campaign_holds_still_until_the_store_takes_what_happened()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        agent.Holds = _ => true;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Running == 1, "the first item to run");
        await using (await RefusingStore.MakeAsync(Coordinator.StoreFile))
        {
            agent.Operation("vm-1").Succeed();
            await UntilAsync(() => Task.FromResult(agent.Streams.Now == 0), "the operation's stream to end");

            agent.Initiations.ShouldBe(1);
        }

        agent.Holds = _ => false;
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(2);
    }

    [Fact]
    public async Task One_write_that_the_store_does_not_take_leaves_its_neighbours_alone()
    {
        var directory = Directory.CreateTempSubdirectory("neighbours-");
        var file = Path.Combine(directory.FullName, "campaigns.db");
        await using (var store = SqliteEventStore.Open(file, NullLogger<SqliteEventStore>.Instance))
        {
            await using (await RefusingStore.MakeAsync(file, "new.type = 'poison'"))
            {
                // All of them wait for the same commit while somebody else has the file.
                var blocking = await RefusingStore.LockAsync(file);
                var writes = Enumerable.Range(0, 50).Select(number => CreateAsync(store, number, number == 25 ? "poison" : "created")).ToList();
                await blocking.DisposeAsync();

                await Should.ThrowAsync<StoreUnavailableException>(writes[25]);
                writes.RemoveAt(25);
                await Task.WhenAll(writes);
            }

            (await store.ListAsync(new CampaignQuery(100, null, [], LiveOnly: false), default)).Count.ShouldBe(49);
        }

        directory.Delete(recursive: true);
    }

    private static Task CreateAsync(SqliteEventStore store, int number, string type)
    {
        var campaign = new NewCampaign(Guid.NewGuid(), $"campaign-{number}", "", "", "", TimeProvider.System.GetUtcNow());
        return store.CreateAsync(campaign, new StreamAppend(campaign.Uid, 0, [new NewEvent(campaign.CreateTime, type, "{}")], [], null));
    }

    private Task<Campaign> StartAsync(Campaign campaign) =>
        Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }).ResponseAsync;
}
