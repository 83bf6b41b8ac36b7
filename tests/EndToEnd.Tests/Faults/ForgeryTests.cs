using Dapper;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.Data.Sqlite;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>People with a good certificate, or with the store's file, who want a campaign to do what nobody commanded.</summary>
public sealed class ForgeryTests
{
    private const string Host = "hv-west-01";
    private const string Document = "apiVersion: failback/v1\nkind: Campaign\nmetadata: {name: victim}\nspec: {targets: [{hosts: {}}]}\n";

    [Fact]
    public async Task Neither_an_operator_nor_another_coordinator_can_hang_a_campaign_by_an_epoch()
    {
        await using var cluster = await StartAsync();
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document } });
        var attack = new CampaignContext { CampaignId = campaign.Uid, ItemId = "x", Attempt = 1, Epoch = long.MaxValue };

        foreach (var (role, name) in new[] { (PeerRole.Operator, "olga"), (PeerRole.Coordinator, "evil") })
        {
            var agent = cluster.Agent(Host, role, name);
            using var call = agent.InitiateFailback(new() { OperationId = Guid.NewGuid().ToString(), VirtualMachineId = "00000000-0000-4000-8000-000000000001", Campaign = attack });
            await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext());
        }

        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });
        (await EndAsync(cluster, campaign.Name)).State.ShouldBe(CampaignState.Completed);

        // What the coordinator has claimed is nobody else's any more.
        var claim = new ClaimCampaignRequest { CampaignId = campaign.Uid, Epoch = 2, CoordinatorInstance = Guid.NewGuid().ToString() };
        RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await cluster.Agent(Host, PeerRole.Coordinator, "evil").ClaimCampaignAsync(claim))).Reason.ShouldBe("CAMPAIGN_OWNED");
    }

    [Fact]
    public async Task Event_that_was_written_into_the_store_starts_nothing_and_is_named()
    {
        await using var cluster = await StartAsync();
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document } });
        await cluster.Coordinator.KillAsync();
        await ExecuteAsync(cluster, """
            INSERT INTO events (campaign, version, time, type, data)
            SELECT uid, version + 1, create_time, 'campaign-started', '{"event":"campaign-started","actor":"maria","at":"2026-11-26T03:00:00+00:00"}' FROM campaigns;
            UPDATE campaigns SET version = version + 1, state = 4;
            DELETE FROM snapshots;
            """);

        await cluster.Coordinator.StartAgainAsync();

        var blocked = await cluster.Campaigns.GetCampaignAsync(new() { Name = campaign.Name });
        blocked.State.ShouldBe(CampaignState.Blocked);
        blocked.Explanation.ShouldContain("('campaign-started')");
        (await cluster.CountInitiationsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Audit_that_lost_its_end_fails_its_export()
    {
        await using var cluster = await StartAsync();
        var campaign = await cluster.Campaigns.CreateCampaignAsync(new() { Document = new() { Text = Document } });
        await cluster.Campaigns.StartCampaignAsync(new() { Name = campaign.Name });
        await EndAsync(cluster, campaign.Name);
        await ExecuteAsync(cluster, "DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)");

        var files = cluster.OperatorFiles;
        var export = await FailbackCommand.RunAsync(
            "audit", "export", "victim", "--output", Path.Combine(cluster.Root, "audit.jsonl"), "--coordinator", cluster.Coordinator.Address.ToString(),
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!);

        export.ExitCode.ShouldNotBe(0);
        export.Error.ShouldContain("BROKEN");
    }

    private static Task<Cluster> StartAsync() => Cluster.StartAsync(
        new Estate
        {
            Hosts =
            [
                new SimulatedHostDescription
                {
                    Name = Host,
                    Site = "west",
                    PrimarySite = "east",
                    VirtualMachines = [new SimulatedVirtualMachineDescription { Name = "app-01", Id = new Guid("00000000-0000-4000-8000-000000000001"), DiskGigabytes = 1, ChangedGigabytes = 0.1 }],
                },
            ],
        },
        speed: 2000);

    private static async Task ExecuteAsync(Cluster cluster, string sql)
    {
        await using var store = new SqliteConnection($"Data Source={cluster.Store};Pooling=False");
        await store.ExecuteAsync(sql);
    }

    private static async Task<Campaign> EndAsync(Cluster cluster, string name)
    {
        Campaign? last = null;
        using var watch = cluster.Campaigns.WatchCampaign(new() { Name = name }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(2));
        await foreach (var update in watch.ResponseStream.ReadAllAsync())
        {
            last = update.Campaign ?? last;
        }

        return last.ShouldNotBeNull();
    }
}
