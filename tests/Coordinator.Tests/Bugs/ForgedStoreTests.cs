using Dapper;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// One who can write to the store file could once fail an estate back by one inserted event, and cut the audit off, with nobody the wiser. Every
/// place that is changed alone is found at the next start, the campaign stands still, and the others go on.
/// </summary>
public sealed class ForgedStoreTests : CoordinatorTest
{
    public static TheoryData<string, string> Forgeries => new()
    {
        {
            "an event that starts the campaign is inserted",
            """
            INSERT INTO events (campaign, version, time, type, data, hash)
            SELECT uid, version + 1, create_time, 'campaign-started', '{"event":"campaign-started","actor":"maria","at":"2026-11-26T03:00:00+00:00"}', x'00' FROM campaigns WHERE id = 'one';
            UPDATE campaigns SET version = version + 1, state = 4 WHERE id = 'one'; DELETE FROM snapshots;
            """
        },
        { "an event's text is changed", "UPDATE events SET data = replace(data, 'vm-1', 'vm-9') WHERE type = 'items-planned' AND campaign = (SELECT uid FROM campaigns WHERE id = 'one')" },
        { "an event's bit flips where it means nothing", "UPDATE events SET time = time + 1 WHERE type = 'campaign-planned' AND campaign = (SELECT uid FROM campaigns WHERE id = 'one')" },
        { "the last event is gone", "DELETE FROM events WHERE version = (SELECT version FROM campaigns WHERE id = 'one') AND campaign = (SELECT uid FROM campaigns WHERE id = 'one')" },
        { "the last event is gone and the version fits", "UPDATE campaigns SET version = version - 1 WHERE id = 'one'; DELETE FROM events WHERE campaign = (SELECT uid FROM campaigns WHERE id = 'one') AND version > (SELECT version FROM campaigns WHERE id = 'one')" },
        { "the document of the row is another", "UPDATE campaigns SET document = document || '#' WHERE id = 'one'" },
        { "the creator of the row is another", "UPDATE campaigns SET created_by = 'olga' WHERE id = 'one'" },
        { "the last audit record is gone", "DELETE FROM audit WHERE campaign = (SELECT uid FROM campaigns WHERE id = 'one') AND sequence = (SELECT audit_sequence FROM campaigns WHERE id = 'one')" },
        { "every audit record is gone", "DELETE FROM audit WHERE campaign = (SELECT uid FROM campaigns WHERE id = 'one')" },
        { "every audit record is gone and the anchor fits", "DELETE FROM audit WHERE campaign = (SELECT uid FROM campaigns WHERE id = 'one'); UPDATE campaigns SET audit_sequence = 0, audit_hash = x'' WHERE id = 'one'" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Store_that_was_written_to_by_somebody_else_blocks_its_campaign_and_no_other(string what, string sql)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        await StartCoordinatorAsync();
        await Coordinator.CreateAsync(Yaml.Campaign("one"));
        await Coordinator.CreateAsync(Yaml.Campaign("two"));
        await Coordinator.StopAsync();
        await using (var store = new SqliteConnection($"Data Source={Coordinator.StoreFile};Pooling=False"))
        {
            (await store.ExecuteAsync(sql)).ShouldBeGreaterThan(0, what);
        }

        await Coordinator.StartAsync();

        var one = await Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/one" });
        one.State.ShouldBe(CampaignState.Blocked, what);
        one.Explanation.ShouldStartWith("The campaign's stored data is damaged: ");
        (await Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns.Single(campaign => campaign.Name == "campaigns/one").State.ShouldBe(CampaignState.Blocked);
        var refused = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = "campaigns/one" })));
        (refused.StatusCode, refused.Reason).ShouldBe((StatusCode.DataLoss, "STREAM_DAMAGED"));
        agent.Calls.ShouldBeEmpty("nothing of it was started");

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = "campaigns/two" });
        (await Coordinator.WatchToEndAsync("campaigns/two")).Campaign.State.ShouldBe(CampaignState.Completed);
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)", "its audit ends with record")]
    [InlineData("DELETE FROM audit", "it has no audit record")]
    [InlineData("UPDATE audit SET actor = 'olga' WHERE sequence = 1", "audit record 1 does not follow")]
    public async Task Audit_that_was_cut_or_edited_is_called_broken_by_export_and_report(string sql, string finding)
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign("one"));
        await Coordinator.WatchToEndAsync(campaign.Name);
        await using (var store = new SqliteConnection($"Data Source={Coordinator.StoreFile};Pooling=False"))
        {
            await store.ExecuteAsync(sql);
        }

        var broken = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.AuditAsync(campaign.Name)));

        (broken.StatusCode, broken.Reason).ShouldBe((StatusCode.DataLoss, "AUDIT_BROKEN"));
        broken.Message.ShouldContain(finding);
        (await ReportAsync(campaign.Name)).ShouldContain("\"intact\": false");
    }

    [Fact]
    public async Task Audit_records_say_which_events_there_were()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign("one"));
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        var records = await Coordinator.AuditAsync(campaign.Name);

        records.Select(record => record.StreamVersion).ShouldBeInOrder();
        records[^1].StreamVersion.ShouldBe(end.Campaign.Version);
        records.ShouldAllBe(record => record.StreamHash.Length == 32);
    }

    private async Task<string> ReportAsync(string campaign)
    {
        using var call = Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = campaign, Format = ReportFormat.Json });
        return string.Concat(await call.ResponseStream.ReadAllAsync().Select(piece => piece.Content.ToStringUtf8()).ToListAsync());
    }
}
