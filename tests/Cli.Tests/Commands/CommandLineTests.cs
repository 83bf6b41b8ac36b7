using HostAgent.Cli.Tests.Fakes;

namespace HostAgent.Cli.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly CommandLine _failback = new();

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData("", "failback needs a command: campaign, host, vm, audit, notify, context, completion, reasons, doctor, support-bundle.")]
    [InlineData("campaign", "failback campaign needs a command: validate, plan, create")]
    [InlineData("campaign wach", "\"wach\" is not a command of failback campaign: expected one of validate, plan")]
    [InlineData("campaign show", "Required argument 'NAME' missing for command: 'show'.")]
    [InlineData("campaign list --output xml", "--output: \"xml\" is not one of text, table, json, yaml.")]
    [InlineData("context add a/b", "\"a/b\" is not a name of a context; expected 1 to 63 letters")]
    [InlineData("campaign list --state BUSY", "--state: \"BUSY\" is not one of DRAFT, READY, SCHEDULED")]
    [InlineData("campaign show x --wave canary", "--wave filters items; add --items.")]
    [InlineData("campaign start x --at 22:00", "--at: \"22:00\" is not a time")]
    [InlineData("campaign start x --at 2026-11-21T22:00:00", "--at: \"2026-11-21T22:00:00\" is not a time")]
    [InlineData("campaign resolve x y --as maybe --reason z", "--as: \"maybe\" is not one of succeeded, failed.")]
    [InlineData("campaign resolve x y --as failed", "Option '--reason' is required.")]
    public async Task A_wrong_command_line_says_what_is_wrong_and_what_is_allowed(string line, string expected)
    {
        var code = await _failback.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        code.ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines[0].ShouldStartWith(expected);
        _failback.ErrorLines[^1].ShouldStartWith("Help: failback");
        _failback.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("campaign --help")]
    [InlineData("campaign watch --help")]
    [InlineData("host vms -h")]
    public async Task Every_help_page_ends_with_the_exit_codes(string line)
    {
        (await _failback.RunAsync(line.Split(' '))).ShouldBe(ExitCode.Success);

        _failback.Output.ShouldContain("Usage:");
        _failback.OutputLines[^1].ShouldStartWith("  130  interrupted");
    }
}
