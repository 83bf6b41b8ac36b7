using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Reports;

/// <summary>The runbook of a document over the wire, and the forecast that a start keeps beside what came.</summary>
public sealed class RunbookTests : CoordinatorTest
{
    private const long MiB = 1 << 20;
    private static readonly ForecastAssumptions Assumed = new() { Rate = new RateRange { LowBytesPerSecond = MiB } };

    public override async ValueTask InitializeAsync()
    {
        await AddAgentAsync("hv-west-01", "sql-01", "<script>web");
        await AddAgentAsync("hv-west-02", "sql-02");
        foreach (var machine in Agents.SelectMany(agent => agent.Machines))
        {
            machine.DiskBytes = 100 * MiB;
        }

        await StartCoordinatorAsync();
    }

    [Fact]
    public async Task Runbook_has_the_waves_who_decides_the_forecast_the_commands_and_every_machine()
    {
        var page = await RunbookAsync(
            Yaml.Campaign(spec: ["waves: [{name: canary, match: {vms: {names: ['sql-*']}}, gate: {approval: {by: [maria]}}}, {name: rest}]", "limits: {host: 2}", "tolerance: {failures: 5}", "window: {opens: '22:00', closes: '06:00', timeZone: Europe/Madrid}"]));

        page.ShouldContain("approval by maria");
        page.ShouldContain("from 22:00 to 06:00, Europe/Madrid");
        page.ShouldContain("5 in the campaign");
        page.ShouldContain("2 on a host");
        page.ShouldContain("<svg class=\"gantt\"");
        page.ShouldContain("in half of");
        page.ShouldContain("failback campaign create home.yaml<");
        page.ShouldContain("failback campaign approve return-to-east canary --comment &quot;…&quot;");
        page.ShouldContain("sql-02");
        page.ShouldContain("&lt;script&gt;web", Case.Sensitive, "names come from guests");
        page.ShouldNotContain("<script");
        page.TrimEnd().ShouldEndWith("</html>");
    }

    [Fact]
    public async Task Without_a_rate_the_runbook_says_what_is_missing()
        => (await RunbookAsync(Yaml.Campaign(), assumptions: null)).ShouldContain("No forecast: the failback rate is missing.");

    [Fact]
    public async Task Document_that_is_invalid_is_refused_as_by_the_plan()
    {
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => RunbookAsync("kind: Campaign")));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.InvalidArgument, "INVALID_DOCUMENT"));
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => RunbookAsync(Yaml.Campaign(), new ForecastAssumptions { DiskBytes = -1 })))
            .FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("assumptions.disk_bytes");
    }

    [Fact]
    public async Task Start_keeps_its_forecast_over_a_restart_and_the_report_has_it_beside_what_came()
    {
        Agents[0].Holds = Agents[1].Holds = _ => true;
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign(spec: "limits: {host: 1}"));
        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name, Assumptions = Assumed });
        var told = (await Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.StartForecast is not null, "the forecast")).Campaign.StartForecast;
        told.DurationP50.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(200));
        told.Waves.ShouldHaveSingleItem().EndP90.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(200));

        await Coordinator.StopAsync();
        await Coordinator.StartAsync();
        foreach (var agent in Agents)
        {
            agent.Holds = _ => false;
            foreach (var operation in agent.Operations.Values)
            {
                operation.Succeed();
            }
        }

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.StartForecast.ShouldBe(told);
        var report = await ReportAsync(campaign.Name, ReportFormat.Html);
        report.ShouldContain("<h2>Forecast and fact</h2>");
        report.ShouldContain("<td>3m20s</td>");
        report.ShouldContain("within what half of the runs took");
        (await ReportAsync(campaign.Name, ReportFormat.Json)).ShouldContain("\"p50_seconds\": 200");
    }

    [Fact]
    public async Task Start_without_anything_known_keeps_no_forecast_and_waits_for_none()
    {
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign());

        (await Coordinator.WatchToEndAsync(campaign.Name)).Campaign.StartForecast.ShouldBeNull();
        (await ReportAsync(campaign.Name, ReportFormat.Html)).ShouldNotContain("Forecast and fact");
    }

    [Fact]
    public async Task Forecast_of_a_start_has_no_start_time_of_its_own()
    {
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());
        var wrong = new StartCampaignRequest { Name = campaign.Name, Assumptions = new ForecastAssumptions { StartTime = DateTimeOffset.UtcNow.ToTimestamp() } };

        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.StartCampaignAsync(wrong).ResponseAsync))
            .FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("assumptions.start_time");
    }

    private Task<string> RunbookAsync(string yaml) => RunbookAsync(yaml, Assumed);

    private async Task<string> RunbookAsync(string yaml, ForecastAssumptions? assumptions)
    {
        using var call = Coordinator.Campaigns.ExportRunbook(new ExportRunbookRequest { Document = new CampaignDocument { Text = yaml, Source = "home.yaml" }, Assumptions = assumptions });
        return await TextAsync(call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).Select(piece => piece.Content));
    }

    private async Task<string> ReportAsync(string campaign, ReportFormat format)
    {
        using var call = Coordinator.Campaigns.ExportReport(new ExportReportRequest { Name = campaign, Format = format });
        return await TextAsync(call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken).Select(piece => piece.Content));
    }

    private static async Task<string> TextAsync(IAsyncEnumerable<Google.Protobuf.ByteString> pieces)
    {
        using var bytes = new MemoryStream();
        await foreach (var piece in pieces)
        {
            piece.Length.ShouldBeInRange(1, 64 * 1024);
            piece.WriteTo(bytes);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
