using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Coordinator.Tests.Support.Processes;
using HostAgent.Tests.Shared;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Faults;

/// <summary>
/// A real coordinator whose store's flushes fail (fsync, EIO): a command that may not be on the disk is refused and nothing is asked of the hosts.
/// What was refused stays refused, whenever the process dies.
/// </summary>
public sealed class FailedFlushTests : CoordinatorTest
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failed-flush-");
    private FailingFlush _disk = null!;
    private FakeAgent _agent = null!;

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(FailingFlush.Missing is not null, FailingFlush.Missing ?? string.Empty);
        _disk = await FailingFlush.MakeAsync(_directory.FullName, "campaigns.db-wal");
        _agent = await AddAgentAsync("hv-west-01", "vm-1");
    }

    [Fact]
    public async Task Command_is_refused_asks_no_host_and_may_come_again()
    {
        await using var coordinator = await LiveAsync();
        var campaign = await coordinator.CreateAsync("one");
        _disk.Fail();

        var refused = await RefusalAsync(() => coordinator.StartAsync(campaign.Name));

        (refused.StatusCode, refused.RetryDelay is null).ShouldBe((StatusCode.Unavailable, false));
        _disk.HasRefused.ShouldBeTrue();
        _agent.Claims.ShouldBeEmpty();
        _agent.Calls.ShouldBeEmpty();
        _disk.Mend();
        // The campaign is read again after the refusal; until then it refuses with the same status.
        await UntilAsync(() => IsTakenAsync(() => coordinator.StartAsync(campaign.Name)), "the command to be taken");
        (await coordinator.WatchToEndAsync(campaign.Name)).State.ShouldBe(CampaignState.Completed);
        _agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Command_that_was_refused_stays_refused_although_the_process_dies_at_once()
    {
        Campaign campaign;
        await using (var coordinator = await LiveAsync())
        {
            campaign = await coordinator.CreateAsync("one");
            _disk.Fail();
            await RefusalAsync(() => coordinator.StartAsync(campaign.Name));
        }

        _disk.Mend();
        await using var next = await LiveAsync();

        (await next.GetAsync(campaign.Name)).State.ShouldBe(CampaignState.Ready);
        _agent.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Campaign_whose_creation_was_refused_is_not_there_although_the_process_dies_at_once()
    {
        await using (var coordinator = await LiveAsync())
        {
            await coordinator.CreateAsync("one");
            _disk.Fail();
            await RefusalAsync(() => coordinator.CreateAsync("two"));
        }

        _disk.Mend();
        await using var next = await LiveAsync();

        (await next.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.ShouldHaveSingleItem().Name.ShouldBe("campaigns/one");
    }

    private protected override ValueTask CleanAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task<CoordinatorProcess> LiveAsync() => CoordinatorProcess.StartAsync(Pki, _directory.FullName, _agent, _disk);

    private static async Task<RpcFailure> RefusalAsync(Func<Task> call) => RpcFailure.From(await Should.ThrowAsync<RpcException>(call));
}
