using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Tests.Shared;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Faults;

/// <summary>The connection to a store in PostgreSQL breaks at commits: nothing is done twice, nothing is forgotten, and nobody is told what is not so.</summary>
public sealed class UnknownCommitTests(PostgreSqlServer server) : CoordinatorTest, IClassFixture<PostgreSqlServer>
{
    private PostgreSqlProxy? _proxy;

    private PostgreSqlProxy Proxy => _proxy!;

    [Fact]
    public async Task Campaign_goes_to_its_end_and_starts_every_machine_once_although_every_third_commit_breaks()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2", "vm-3", "vm-4");
        await StartAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign("return-to-east", "limits: {campaign: 1}"));
        Proxy.BreakEvery = 3;

        await UntilAsync(() => IsTakenAsync(() => Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }).ResponseAsync), "the start");
        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        Proxy.BreakEvery = 0;

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(4);
        Proxy.Broken.ShouldBeGreaterThan(2);
        (await Coordinator.AuditAsync(campaign.Name)).Count(record => record.Action == "StartCampaign" && record.Result == "OK").ShouldBe(1);
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer))]
    [InlineData(nameof(CommitFault.LostRequest))]
    public async Task Command_whose_outcome_nobody_knows_is_told_as_such_and_its_repetition_takes_effect_once(string fault)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        await StartAsync(staysCut: true);
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var start = new StartCampaignRequest { Name = campaign.Name };
        Proxy.Next = Enum.Parse<CommitFault>(fault);

        var unknown = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.StartCampaignAsync(start)));
        (unknown.StatusCode, unknown.Reason, unknown.RetryDelay is null).ShouldBe((StatusCode.Unavailable, "OUTCOME_UNKNOWN", false));
        agent.Initiations.ShouldBe(0);
        Proxy.Mend();

        await UntilAsync(() => IsTakenAsync(() => Coordinator.Campaigns.StartCampaignAsync(start).ResponseAsync), "the repetition");
        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Initiations.ShouldBe(1);
    }

    [Theory]
    [InlineData(nameof(CommitFault.LostAnswer))]
    [InlineData(nameof(CommitFault.LostRequest))]
    public async Task Deletion_whose_outcome_nobody_knows_leaves_the_campaign_whole_or_deleted(string fault)
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartAsync(staysCut: true);
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        Proxy.Next = Enum.Parse<CommitFault>(fault);

        var unknown = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.DeleteCampaignAsync(new DeleteCampaignRequest { Name = campaign.Name, ConfirmName = "return-to-east" })));
        unknown.Reason.ShouldBe("OUTCOME_UNKNOWN");
        Proxy.Mend();

        StatusCode? gone = null;
        await UntilAsync(async () =>
        {
            try
            {
                await Coordinator.Campaigns.ListItemsAsync(new ListItemsRequest { Parent = campaign.Name });
                gone = StatusCode.OK;
            }
            catch (RpcException exception) when (exception.StatusCode is not StatusCode.Unavailable)
            {
                gone = exception.StatusCode;
            }
            catch (RpcException)
            {
                // Not read again yet.
            }

            return gone is not null;
        }, "the store to be read again");
        gone.ShouldBe(fault == nameof(CommitFault.LostAnswer) ? StatusCode.NotFound : StatusCode.OK);
    }

    private protected override async ValueTask CleanAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    private async Task StartAsync(bool staysCut = false)
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        _proxy = new PostgreSqlProxy(server.Port) { StaysCut = staysCut };
        await StartCoordinatorAsync(arguments:
        [
            "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Port", $"{_proxy.Port}",
            "--Coordinator:Store:Database", await server.CreateDatabaseAsync(), "--Coordinator:Store:User", "postgres",
        ]);
    }
}
