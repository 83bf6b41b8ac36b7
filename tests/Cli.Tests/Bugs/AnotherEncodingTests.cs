using System.Text;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>A document in Windows-1252 was read with replacement characters, and lost the dependencies whose names had them.</summary>
public sealed class AnotherEncodingTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private static readonly byte[] Ansi = Encoding.Latin1.GetBytes("kind: Campaign\nname: größe\n");

    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private readonly TemporaryDirectory _directory = new();

    public AnotherEncodingTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
    }

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("create")]
    [InlineData("update back")]
    public async Task A_document_that_is_not_UTF_8_is_refused_with_its_place(string verb)
    {
        var file = Path.Combine(_directory.Path, "ansi.yaml");
        await File.WriteAllBytesAsync(file, Ansi);
        (await _failback.RunAsync(["campaign", .. verb.Split(' '), file])).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{file}:2:9: the byte 0xF6 is not valid UTF-8");
        _coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Standard_input_is_held_to_the_same()
    {
        _failback.Input = Ansi;
        (await _failback.RunAsync("campaign", "validate", "-")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("standard input:2:9: the byte 0xF6");
    }

    [Fact]
    public async Task UTF_16_with_a_mark_is_read()
    {
        _coordinator.Campaigns.On<PlanCampaignRequest, CampaignPlan>(_ => new CampaignPlan());
        _failback.Input = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("name: größe")];
        (await _failback.RunAsync("campaign", "plan", "-")).ShouldBe(ExitCode.Success, _failback.Error);
        _coordinator.Campaigns.Requests.ShouldHaveSingleItem().ShouldBeOfType<PlanCampaignRequest>().Document.Text.ShouldBe("name: größe");
    }

    [Fact]
    public async Task A_context_file_is_held_to_the_same()
    {
        var file = Path.Combine(_directory.Path, "context.json");
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes("{\"coordinator\": \"https://münchen:8443\"}"));
        _failback.Environment["FAILBACK_CONTEXT"] = file;
        (await _failback.RunAsync("campaign", "list")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{file}:1:27: the byte 0xFC");
    }
}
