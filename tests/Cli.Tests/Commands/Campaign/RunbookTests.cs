using Google.Protobuf;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class RunbookTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Page = "<h1>Grüße aus Málaga</h1>\n";

    private readonly CommandLine _failback = new(coordinator);
    private readonly TemporaryDirectory _directory = new();

    private string Document => _directory.Write("campaign.yaml", "kind: Campaign");

    [Fact]
    public async Task The_runbook_goes_to_standard_output_and_is_asked_for_with_what_is_assumed()
    {
        coordinator.Campaigns.Runbook = PieceByPiece;

        (await _failback.RunAsync("campaign", "plan", Document, "--format", "html", "--assume-rate", "200MiB/s", "--home-by", "2026-11-22T06:00:00Z")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldBe(Page);
        var request = coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<ExportRunbookRequest>();
        request.Document.Text.ShouldBe("kind: Campaign");
        request.Assumptions.Rate.LowBytesPerSecond.ShouldBe(200 << 20);
        request.HomeBy.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 11, 22, 6, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task The_runbook_goes_to_the_file_that_is_named()
    {
        coordinator.Campaigns.Runbook = PieceByPiece;
        var path = Path.Combine(_directory.Path, "runbook.html");

        (await _failback.RunAsync("campaign", "plan", Document, "--format", "html", "--save", path)).ShouldBe(ExitCode.Success, _failback.Error);

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(Page);
        _failback.ErrorLines.ShouldBe([$"The runbook is in {path}."]);
    }

    [Fact]
    public async Task A_document_that_is_refused_leaves_no_file_and_tells_every_error()
    {
        coordinator.Campaigns.Runbook = _ => throw new RpcFailure(StatusCode.InvalidArgument, "INVALID_DOCUMENT", "the document has 1 error") { Domain = "campaigns.hyperv" }.ToRpcException();
        coordinator.Campaigns.On<ValidateCampaignRequest, ValidateCampaignResponse>(_ => new ValidateCampaignResponse
        {
            Errors = { new DocumentError { Path = "spec.waves", Line = 4, Column = 3, Message = "is missing" } },
        });
        var path = Path.Combine(_directory.Path, "runbook.html");

        (await _failback.RunAsync("campaign", "plan", Document, "--format", "html", "--save", path)).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain("campaign.yaml:4:3: spec.waves");
        File.Exists(path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--save applies to a page; add --format html.", "--save", "x.html")]
    [InlineData("--format: \"pdf\" is not one of text, html.", "--format", "pdf")]
    [InlineData("add --forecast", "--home-by", "2026-11-22T06:00:00Z")]
    public async Task What_does_not_fit_together_is_refused_in_one_sentence(string sentence, params string[] options)
    {
        (await _failback.RunAsync(["campaign", "plan", Document, .. options])).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain(sentence);
        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_start_carries_what_its_forecast_may_assume_and_show_has_the_forecast()
    {
        var campaign = Some.Campaign(CampaignState.Running);
        campaign.StartForecast = new StartForecast { DurationP50 = new() { Seconds = 7200 }, DurationP90 = new() { Seconds = 9000 }, Basis = "an assumed rate." };
        coordinator.Campaigns.On<StartCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => campaign);
        coordinator.Campaigns.On<GetCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => campaign);

        (await _failback.RunAsync("campaign", "start", "return-to-east", "--assume-rate", "100MiB/s..300MiB/s", "--assume-size", "10GiB")).ShouldBe(ExitCode.Success, _failback.Error);
        (await _failback.RunAsync("campaign", "show", "return-to-east")).ShouldBe(ExitCode.Success, _failback.Error);

        var request = coordinator.Campaigns.Requests[0].ShouldBeOfType<StartCampaignRequest>();
        request.Assumptions.ShouldBe(new ForecastAssumptions { Rate = new RateRange { LowBytesPerSecond = 100 << 20, HighBytesPerSecond = 300 << 20 }, DiskBytes = 10L << 30 });
        _failback.OutputLines.ShouldContain(line => line.StartsWith("Planned:", StringComparison.Ordinal) && line.EndsWith(" 2:00:00 to 2:30:00 from the start, without approvals", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_without_assumptions_says_so()
    {
        coordinator.Campaigns.On<StartCampaignRequest, Contracts.Campaigns.V1.Campaign>(_ => Some.Campaign(CampaignState.Running));

        (await _failback.RunAsync("campaign", "start", "return-to-east")).ShouldBe(ExitCode.Success, _failback.Error);

        coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<StartCampaignRequest>().Assumptions.ShouldBeNull();
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    // One byte at a time: letters of two bytes come in two pieces.
    private static async Task PieceByPiece(IServerStreamWriter<ExportRunbookResponse> stream)
    {
        foreach (var single in System.Text.Encoding.UTF8.GetBytes(Page))
        {
            await stream.WriteAsync(new ExportRunbookResponse { Content = ByteString.CopyFrom(single) });
        }
    }
}
