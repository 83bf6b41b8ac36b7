using System.Text.Json;
using HostAgent.Cli;
using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Failback.Tests.Demo;

public sealed class DemoCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly CommandLine _failback = TestProgram.CommandLine(Deadline);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task A_small_demo_fails_back_every_machine_once_and_ends_with_its_json()
    {
        var code = await _failback.RunAsync("demo", "--strategy", "initiate-failback", "--hosts", "2", "--vms", "2", "--speed", "20000", "--output", "json");

        code.ShouldBe(ExitCode.Success, _failback.Error);
        var line = _failback.OutputLines.ShouldHaveSingleItem();
        line.ShouldMatch("""^\{"state":"COMPLETED","hosts":2,"items":4,"succeeded":4,"failed":0,"unknown":0,"initiations":4,"waves":3,"seconds":[0-9.]+\}$""");
        _failback.Error.ShouldContain("Campaign return-to-primary: canary (2), databases");
        _failback.Error.ShouldContain("4 of 4 virtual machines failed back in");
    }

    [Fact]
    public async Task Machines_come_home_host_to_host_once_and_whole_though_the_coordinator_is_killed_in_the_middle()
    {
        var code = await _failback.RunAsync("demo", "--hosts", "2", "--vms", "2", "--kill", "--output", "json");

        code.ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines.ShouldHaveSingleItem().ShouldMatch(
            """^\{"state":"COMPLETED","hosts":2,"items":4,"succeeded":4,"failed":0,"unknown":0,"initiations":0,"waves":3,"seconds":[0-9.]+,"home":4,"protected":4,"double_running":0,"lost_writes":0\}$""");
        _failback.Error.ShouldContain("as a person would: failback campaign approve home canary");
        _failback.Error.ShouldContain("The demo has killed the coordinator (SIGKILL)");
        _failback.Error.ShouldContain("4 of 4 virtual machines are home in");
    }

    [Fact]
    public async Task A_kept_demo_can_be_used_by_others_until_it_is_interrupted()
    {
        using var interrupted = new CancellationTokenSource();
        var context = _failback.ErrorWriter.NextAsync(line => line.Contains("FAILBACK_CONTEXT", StringComparison.Ordinal));
        var json = _failback.OutputWriter.NextAsync(line => line.StartsWith('{'));
        var demo = _failback.RunAsync(interrupted.Token, "demo", "--strategy", "initiate-failback", "--hosts", "1", "--vms", "1", "--speed", "20000", "--keep", "--output", "json");
        await Task.WhenAny(json, demo).WaitAsync(Deadline, TestContext.Current.CancellationToken);
        demo.IsCompleted.ShouldBeFalse(_failback.Error);

        using var other = TestProgram.CommandLine();
        other.Environment["FAILBACK_CONTEXT"] = (await context).Split('=')[1];
        (await other.RunAsync("host", "list", "--output", "json")).ShouldBe(ExitCode.Success, other.Error);
        using var hosts = JsonDocument.Parse(other.Output);
        hosts.RootElement.GetProperty("hosts").GetArrayLength().ShouldBe(1);

        await interrupted.CancelAsync();
        (await demo).ShouldBe(ExitCode.Success);
        Directory.Exists(Path.GetDirectoryName(other.Environment["FAILBACK_CONTEXT"])).ShouldBeFalse();
    }

    [Fact]
    public async Task A_single_host_has_nobody_to_go_home_to_and_shows_the_failback_call()
    {
        var code = await _failback.RunAsync("demo", "--hosts", "1", "--vms", "1", "--speed", "20000", "--output", "json");

        code.ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines.ShouldHaveSingleItem().ShouldContain("\"initiations\":1,");
    }

    [Fact]
    public async Task A_demo_of_processes_starts_this_program_again_for_each()
    {
        var code = await _failback.RunAsync("demo", "--strategy", "initiate-failback", "--hosts", "1", "--vms", "1", "--speed", "20000", "--processes", "--output", "json");

        code.ShouldBe(ExitCode.Success, _failback.Error);
        _failback.OutputLines.ShouldHaveSingleItem().ShouldContain("\"initiations\":1,");
    }

    [Theory]
    [InlineData("--hosts", "0", "expected a number from 1 to 200")]
    [InlineData("--coordinators", "6", "expected a number from 1 to 5")]
    [InlineData("--vms", "many", "expected a number from 1 to 500")]
    [InlineData("--speed", "-1", "expected a number from 0 to 100000")]
    public async Task A_number_out_of_range_is_answered_with_the_range(string option, string value, string expected)
    {
        (await _failback.RunAsync("demo", option, value)).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldBe($"{option}: \"{value}\" is not allowed; {expected}.");
    }

    [Theory]
    [InlineData("--hosts: \"3\" is not allowed with --strategy host-to-host; expected an even number, for the hosts are pairs.", "--hosts", "3", "--strategy", "host-to-host")]
    [InlineData("--kill is not allowed with --strategy initiate-failback; it kills the coordinator while machines switch from host to host.", "--kill", "--strategy", "initiate-failback")]
    [InlineData("--kill-owner is not allowed with one coordinator; expected --coordinators 2 to 5, so that another one can take over.", "--kill-owner")]
    [InlineData("--kill is not allowed with several coordinators; --kill-owner kills the one at work.", "--kill", "--coordinators", "2")]
    [InlineData("--strategy: \"auto\" is not one of host-to-host, initiate-failback.", "--strategy", "auto")]
    public async Task What_options_cannot_do_together_is_refused_in_one_line(string expected, params string[] options)
    {
        (await _failback.RunAsync(["demo", .. options])).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldBe(expected);
    }
}
