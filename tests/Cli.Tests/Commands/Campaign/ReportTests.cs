using Google.Protobuf;
using Grpc.Core;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class ReportTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Report = "<h1>Grüße aus Málaga</h1>\n";

    private readonly CommandLine _failback = new(coordinator);
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("json", ReportFormat.Json)]
    [InlineData("csv", ReportFormat.Csv)]
    [InlineData("HTML", ReportFormat.Html)]
    public async Task The_report_goes_to_standard_output_whole_whatever_its_pieces(string word, ReportFormat format)
    {
        coordinator.Campaigns.Report = PieceByPiece;

        (await _failback.RunAsync("campaign", "report", "return-to-east", "--format", word)).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.Output.ShouldBe(Report);
        coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBe(new ExportReportRequest { Name = "campaigns/return-to-east", Format = format });
    }

    [Fact]
    public async Task The_report_goes_to_the_file_that_is_named()
    {
        coordinator.Campaigns.Report = PieceByPiece;
        var path = _directory.Write("report.html", "an older report");

        (await _failback.RunAsync("campaign", "report", "return-to-east", "--format", "html", "--output", path)).ShouldBe(ExitCode.Success, _failback.Error);

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe(Report);
        _failback.Output.ShouldBeEmpty();
        _failback.ErrorLines.ShouldBe([$"The report is in {path}."]);
        Directory.GetFiles(_directory.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_report_that_breaks_off_leaves_the_former_one_alone()
    {
        coordinator.Campaigns.Report = async (request, stream) =>
        {
            await stream.WriteAsync(new ExportReportResponse { Content = ByteString.CopyFromUtf8("half") });
            throw new RpcFailure(StatusCode.Unavailable, "STOPPING", "The coordinator stops.").ToRpcException();
        };
        var path = _directory.Write("report.json", "an older report");

        (await _failback.RunAsync("campaign", "report", "return-to-east", "--output", path)).ShouldBe(ExitCode.Unreachable);

        (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ShouldBe("an older report");
        Directory.GetFiles(_directory.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        coordinator.Campaigns.Report = PieceByPiece;
        var path = Path.Combine(_directory.Path, "missing", "report.json");

        (await _failback.RunAsync("campaign", "report", "return-to-east", "--output", path)).ShouldBe(ExitCode.Failed);

        _failback.Error.ShouldStartWith($"{path}: the report cannot be written");
    }

    [Fact]
    public async Task A_format_that_there_is_not_is_answered_with_those_there_are()
    {
        (await _failback.RunAsync("campaign", "report", "return-to-east", "--format", "pdf")).ShouldBe(ExitCode.Invalid);

        _failback.Error.ShouldContain("\"pdf\" is not one of json, csv, html");
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    /// <summary>A byte at a time, which cuts every letter that has two.</summary>
    private static async Task PieceByPiece(ExportReportRequest request, IServerStreamWriter<ExportReportResponse> stream)
    {
        foreach (var one in System.Text.Encoding.UTF8.GetBytes(Report))
        {
            await stream.WriteAsync(new ExportReportResponse { Content = ByteString.CopyFrom(one) });
        }
    }
}
