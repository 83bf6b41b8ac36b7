using System.Text.Json;
using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Cli.Tests.Commands.Client;

/// <summary>What a reason means is told without a coordinator, at three in the morning too.</summary>
public sealed class ReasonsTests : IDisposable
{
    private readonly CommandLine _failback = new();

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task One_reason_is_told_for_each_method_that_has_it()
    {
        (await _failback.RunAsync("reasons", "no_gate")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines[0].ShouldBe("NO_GATE: FAILED_PRECONDITION");
        _failback.Output.ShouldContain("there is no such wave, or it needs no approval");
        _failback.Output.ShouldContain("Campaigns.ApproveWave");
    }

    [Fact]
    public async Task All_are_listed_also_for_programs()
    {
        (await _failback.RunAsync("reasons")).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.Output.ShouldContain("CONFIRMATION_REQUIRED");

        (await _failback.RunAsync("reasons", "STALE_EPOCH", "--output", "json")).ShouldBe(ExitCode.Success, _failback.Error);
        using var json = JsonDocument.Parse(_failback.OutputLines[^1]);
        var reason = json.RootElement.GetProperty("reasons").EnumerateArray().ShouldHaveSingleItem();
        reason.GetProperty("statuses").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("FAILED_PRECONDITION");
        reason.GetProperty("places").EnumerateArray().ShouldContain(place => place.GetProperty("subject").GetString()!.StartsWith("hyperv.failback.v1.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reason_that_there_is_not_is_answered_in_a_sentence()
    {
        (await _failback.RunAsync("reasons", "NO_SUCH")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines.ShouldBe(["There is no reason 'NO_SUCH'; failback reasons lists them. A machine's own reason is explained in its row."]);
    }
}
