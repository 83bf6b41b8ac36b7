using System.Text;
using System.Text.Json;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Reports;

/// <summary>Reports over the wire, of a campaign that really ran on scripted agents.</summary>
public sealed class ExportReportTests : CoordinatorTest
{
    private string _campaign = string.Empty;

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "web-01");
        await AddAgentAsync("hv-west-02", "=cmd|x");
        await StartCoordinatorAsync();
        Agents[0].Refuses = call => call.VirtualMachineId == Agents[0].Machines[1].Id ? new RpcFailure(StatusCode.PermissionDenied, "ACCESS_DENIED", "the host refused it") { Domain = "failback.hyperv" } : null;
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec:
            ["waves: [{name: canary, match: {vms: {names: ['sql-*']}}, gate: {approval: {by: [dr-lead]}}}, {name: rest}]", "tolerance: {failures: 5}"]));
        _campaign = campaign.Name;
        await Coordinator.WatchAsync(_campaign, watched => watched.Campaign.Waves[0].State == WaveState.AtGate, "the gate");
        await Coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = _campaign, Wave = "canary", Comment = "looks good" });
        await Coordinator.WatchToEndAsync(_campaign);
    }

    [Fact]
    public async Task Json_tells_who_decided_what_and_how_every_item_ended()
    {
        using var report = JsonDocument.Parse(await ExportAsync(ReportFormat.Unspecified));
        var root = report.RootElement;

        root.GetProperty("format").GetString().ShouldBe("failback.report/v1");
        root.GetProperty("state").GetString().ShouldBe("COMPLETED_WITH_FAILURES");
        root.GetProperty("labels").GetProperty("ticket").GetString().ShouldBe("DR-1042");
        root.GetProperty("document").GetString()!.ShouldContain("apiVersion: failback/v1");
        var items = root.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("virtual_machine_name").GetString()!, item => item.GetProperty("state").GetString());
        items.ShouldBe(new Dictionary<string, string?>(StringComparer.Ordinal) { ["sql-01"] = "SUCCEEDED", ["web-01"] = "FAILED", ["=cmd|x"] = "SUCCEEDED" }, ignoreOrder: true);
        foreach (var item in root.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("state").GetString() == "SUCCEEDED"))
        {
            var span = item.GetProperty("spans").EnumerateArray().ShouldHaveSingleItem();
            (span.GetProperty("step").GetString(), span.GetProperty("result").GetString()).ShouldBe(("INITIATE_FAILBACK", "SUCCEEDED"));
            span.GetProperty("start_time").GetDateTimeOffset().ShouldBe(item.GetProperty("start_time").GetDateTimeOffset());
            span.GetProperty("end_time").GetDateTimeOffset().ShouldBe(item.GetProperty("end_time").GetDateTimeOffset());
        }

        var acts = root.GetProperty("acts").EnumerateArray().Select(act => (Act: act.GetProperty("act").GetString(), Actor: act.GetProperty("actor").GetString(), Target: act.GetProperty("target").GetString())).ToList();
        acts[0].Act.ShouldBe("campaign-created");
        acts[0].Actor.ShouldBe("dr-lead", "the history says the verified name; the audit has the certificate too");
        acts.ShouldContain(("wave-approved", "dr-lead", "canary"));
        acts.ShouldContain(("item-failed", "coordinator", "web-01 on hv-west-01"));
        acts[^1].Act.ShouldBe("campaign-ended");
    }

    [Fact]
    public async Task The_seal_is_the_newest_hash_of_the_exported_audit_chain()
    {
        using var report = JsonDocument.Parse(await ExportAsync(ReportFormat.Json));
        var audit = report.RootElement.GetProperty("audit");
        Contracts.Campaigns.V1.AuditRecord? last = null;
        using var export = Coordinator.Campaigns.ExportAudit(new ExportAuditRequest { Name = _campaign });
        await foreach (var record in export.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            last = record;
        }

        audit.GetProperty("head_hash").GetString().ShouldBe(Convert.ToHexStringLower(last.ShouldNotBeNull().Hash.Span));
        audit.GetProperty("records").GetInt64().ShouldBe(last.Sequence);
        audit.GetProperty("intact").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Csv_and_html_are_of_the_same_campaign()
    {
        var csv = await ExportAsync(ReportFormat.Csv);
        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        csv.ShouldContain(",'=cmd|x,");

        var html = await ExportAsync(ReportFormat.Html);
        html.ShouldStartWith("<!doctype html>");
        html.TrimEnd().ShouldEndWith("</html>");
        html.ShouldContain("=cmd|x");
    }

    [Fact]
    public async Task A_campaign_that_there_is_not_and_a_format_that_there_is_not_are_refused()
    {
        (await FailureAsync("campaigns/none", ReportFormat.Json)).Reason.ShouldBe("CAMPAIGN_NOT_FOUND");
        (await FailureAsync(_campaign, (ReportFormat)9)).FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("format");
    }

    [Fact]
    public async Task A_viewer_may_have_it()
    {
        var viewer = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(Coordinator.Connect(PeerRole.Viewer, "victor"));

        (await ExportAsync(ReportFormat.Json, viewer)).ShouldContain("victor");
    }

    private async Task<RpcFailure> FailureAsync(string name, ReportFormat format)
    {
        using var call = Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = name, Format = format });
        return RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
    }

    private async Task<string> ExportAsync(ReportFormat format, Contracts.Campaigns.V1.Campaigns.CampaignsClient? client = null)
    {
        using var bytes = new MemoryStream();
        using var call = (client ?? Coordinator.Campaigns).ExportReport(new ExportReportRequest { Name = _campaign, Format = format });
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            piece.Content.Length.ShouldBeInRange(1, 64 * 1024);
            piece.Content.WriteTo(bytes);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
