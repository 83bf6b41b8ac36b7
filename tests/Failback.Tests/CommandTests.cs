using System.Text.Json;
using System.Text.RegularExpressions;
using HostAgent.Cli;
using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Failback.Tests;

/// <summary>The commands that the program has beside the operator's.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly CommandLine _failback = TestProgram.CommandLine();

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task A_program_without_a_command_names_all_of_them()
    {
        (await _failback.RunAsync()).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldBe("failback needs a command: campaign, host, vm, audit, notify, context, completion, reasons, doctor, support-bundle, certificates, estate, store, demo, run-agent, run-agents, run-coordinator.");
    }

    [Fact]
    public async Task Days_out_of_range_are_refused_with_the_range()
    {
        (await _failback.RunAsync("certificates", "create", "--directory", "d", "--days", "0")).ShouldBe(ExitCode.Invalid);

        _failback.ErrorLines[0].ShouldStartWith("--days: \"0\" is not allowed; expected a number from 1 to 3649.");
        _failback.ErrorLines[^1].ShouldStartWith("Help: failback certificates create");
    }

    [Fact]
    public async Task The_schema_of_an_estate_is_printed()
    {
        (await _failback.RunAsync("estate", "schema")).ShouldBe(ExitCode.Success, _failback.Error);

        using var schema = JsonDocument.Parse(_failback.Output);
        schema.RootElement.GetProperty("$defs").GetProperty("virtualMachine").GetProperty("required")[0].GetString().ShouldBe("name");
    }

    [Fact]
    public async Task Help_lists_the_servers()
    {
        await _failback.RunAsync("--help");

        _failback.Output.ShouldContain("run-agent");
        _failback.Output.ShouldContain("run-coordinator");
    }

    [Theory]
    [InlineData("run-agent", "Default: 0.0.0.0:7443")]
    [InlineData("run-coordinator", "Default: 127.0.0.1:7444")]
    public async Task A_server_says_what_each_of_its_switches_means(string verb, string example)
    {
        (await _failback.RunAsync(verb, "--nonsense", "1")).ShouldBe(ExitCode.Invalid);
        var known = Regex.Matches(_failback.Error, "--[a-z0-9-]+").Select(match => match.Value).Where(name => name != "--nonsense").ToList();
        known.Count.ShouldBeGreaterThan(5);

        (await _failback.RunAsync(verb, "--help")).ShouldBe(ExitCode.Success);
        foreach (var name in known)
        {
            _failback.OutputLines.ShouldContain(line => line.StartsWith($"  {name} ", StringComparison.Ordinal), name);
        }

        _failback.Output.ShouldContain(example);
    }
}
