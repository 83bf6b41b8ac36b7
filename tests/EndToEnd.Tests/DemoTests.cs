using System.Text.Json;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests;

/// <summary>The demo as README shows it, every agent and the coordinator in a process of its own, and small.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Machines_come_home_host_to_host_though_the_coordinator_is_killed_and_the_last_line_is_as_README_shows_it()
    {
        var shown = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"))).Single(line => line.StartsWith("{\"state\"", StringComparison.Ordinal));

        var result = await FailbackCommand.RunAsync("demo", "--hosts", "2", "--vms", "2", "--processes", "--kill", "--output", "json");

        result.ExitCode.ShouldBe(0, result.Everything);
        using var line = JsonDocument.Parse(result.Output.TrimEnd().Split('\n')[^1]);
        using var example = JsonDocument.Parse(shown);
        line.RootElement.EnumerateObject().Select(one => one.Name).ShouldBe(example.RootElement.EnumerateObject().Select(one => one.Name));
        Numbers(line, "items", "home", "protected", "double_running", "lost_writes").ShouldBe([4, 4, 4, 0, 0]);
        Numbers(example, "items", "home", "protected", "double_running", "lost_writes").ShouldBe([40, 40, 40, 0, 0]);
    }

    [Fact]
    public async Task Machines_fail_back_by_one_initiation_each()
    {
        var result = await FailbackCommand.RunAsync("demo", "--strategy", "initiate-failback", "--hosts", "3", "--vms", "2", "--processes", "--output", "json");

        result.ExitCode.ShouldBe(0, result.Everything);
        using var line = JsonDocument.Parse(result.Output.TrimEnd().Split('\n')[^1]);
        Numbers(line, "items", "succeeded", "initiations").ShouldBe([6, 6, 6]);
        line.RootElement.TryGetProperty("home", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("host-to-host")]
    [InlineData("initiate-failback")]
    public async Task Another_coordinator_takes_over_in_the_middle_of_the_waves(string strategy)
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var result = await FailbackCommand.RunAsync("demo", "--strategy", strategy, "--hosts", "2", "--vms", "4", "--coordinators", "3", "--kill-owner", "--output", "json");

        result.ExitCode.ShouldBe(0, result.Everything);
        using var line = JsonDocument.Parse(result.Output.TrimEnd().Split('\n')[^1]);
        Numbers(line, "items", "succeeded", "failed", "unknown").ShouldBe([8, 8, 0, 0]);
        line.RootElement.GetProperty("takeovers").GetInt32().ShouldBeInRange(1, 3, result.Everything);
        result.Everything.ShouldContain("The demo has killed coordinator-1 (SIGKILL), which was at work; coordinator-");
    }

    private static IEnumerable<int> Numbers(JsonDocument summary, params string[] names) => names.Select(name => summary.RootElement.GetProperty(name).GetInt32());
}
