namespace HostAgent.HyperV.Wine;

/// <summary>
/// The agent that is published for Windows, as a process under Wine. It comes as far as its private key, which Wine 8 has no place for: everything
/// before and beside it is looked at for real, SQLite's and .NET's Windows builds included.
/// </summary>
/// <param name="run">The agent and its surroundings.</param>
[Collection(WineMachine.Tests)]
public sealed class PublishedAgentTests(PublishedAgentRun run) : IClassFixture<PublishedAgentRun>
{
    // Skips before a test can look at anything that was not set up.
    private readonly PublishedAgentRun _agent = run.OrSkip();

    private const string KeyRefused = "cannot be used on this system: ";

    private string Key => $"HostAgent:PrivateKeyPath: the private key in file '{_agent.There("pki", "agent-hv-west-01-key.pem")}' {KeyRefused}";

    [Fact]
    public async Task Inspect_sees_host_machines_journal_and_port_although_the_key_is_refused()
    {
        var ended = await _agent.RunAsync(["inspect", .. _agent.Settings]);

        var listen = _agent.Settings[_agent.Settings.Index().Single(setting => setting.Item == "--listen").Index + 1];
        ended.ErrorLines.ShouldBeEmpty();
        ended.Lines.Select(line => line.StartsWith("FAILED", StringComparison.Ordinal) ? line[..(line.IndexOf(KeyRefused, StringComparison.Ordinal) + KeyRefused.Length)] : line).ShouldBe(
        [
            $"OK      settings: host hv-west-01, simulated from '{_agent.There("estate.yaml")}'; listens on {listen}; journal in '{_agent.There("data")}'",
            $"FAILED  certificate: {Key}",
            "OK      host: hv-west-01 (simulated, replication service answers, accepts replication)",
            "OK      machines: 3, of which 3 are replicas and 2 could be failed back now",
            "OK      machines: 1 of the replicas could not: its replication state is FailbackComplete (14); it must be Recovered (5) or Committed (6)",
            $"OK      journal: '{_agent.There("data", "journal.db")}' is intact (schema 3); 0 operations are live, 1 finished; no agent is running on it",
            $"OK      port: {listen} is free",
        ]);
        ended.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Journal_without_a_log_is_read_and_none_is_made()
    {
        var before = _agent.FilesIn(PublishedAgentRun.WithoutLog);
        before.ShouldBe(["journal.db", "journal.mark"]);

        var ended = await _agent.RunAsync(["inspect", .. _agent.Settings, "--data", _agent.There(PublishedAgentRun.WithoutLog)]);

        ended.Lines.ShouldContain($"OK      journal: '{_agent.There(PublishedAgentRun.WithoutLog, "journal.db")}' is intact (schema 3); 0 operations are live, 1 finished; no agent is running on it");
        _agent.FilesIn(PublishedAgentRun.WithoutLog).ShouldBe(before);
    }

    [Fact]
    public async Task Start_ends_with_one_line_at_the_private_key()
    {
        var ended = await _agent.RunAsync([.. _agent.Settings]);

        ended.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(Key);
        ended.Lines.ShouldBeEmpty();
        ended.ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("check")]
    public async Task Wrong_command_line_is_refused_with_a_line_for_each_error(string word)
    {
        var ended = await _agent.RunAsync(word, "stray", "--colour", "red", "--data");

        // 'check' needs the certificates as well, and names those that are missing.
        ended.ErrorLines.Select(line => line.Split(';')[0]).Take(3).ShouldBe(["'stray' is not a switch", "'--colour' is not a switch", "'--data' has no value"]);
        ended.ErrorLines.Skip(3).ShouldAllBe(line => word == "check" && line.StartsWith("HostAgent:", StringComparison.Ordinal));
        ended.Lines.ShouldBeEmpty();
        ended.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Wrong_settings_are_refused_with_a_line_for_each_error()
    {
        var ended = await _agent.RunAsync(["inspect", .. _agent.Settings, "--listen", "nowhere", "--speed", "0", "--HostAgent:MaxQueuedFailbacks", "many"]);

        ended.ErrorLines.ShouldBe(
        [
            "HostAgent:MaxQueuedFailbacks is 'many'; it must be a whole number from 0 to 10000.",
            "HostAgent:Listen is 'nowhere'; it must be an IP address and a port, such as 0.0.0.0:7443 or [::]:7443.",
            "HostAgent:Speed is '0'; it must be a number above 0, at most 100000.",
        ]);
        ended.Lines.ShouldBeEmpty();
        ended.ExitCode.ShouldBe(2);
    }

    /// <summary>Neither the real namespace is there nor the bridge asked for one; which library is used is told before.</summary>
    [Theory]
    [InlineData("system-management", "management-infrastructure")]
    [InlineData("management-infrastructure", "system-management")]
    public async Task Inspect_of_the_real_host_says_which_library_is_used(string wanted, string other)
    {
        var ended = await _agent.RunAsync(["inspect", .. _agent.OfTheRealHost, "--HostAgent:Wmi", wanted]);

        ended.ErrorLines.ShouldBeEmpty();
        ended.Lines.ShouldContain($"OK      wmi: {wanted} is used; {other} could be loaded too");
        ended.Lines.ShouldContain(@"FAILED  host: This host has no namespace root\virtualization\v2: install the Hyper-V role.");
        ended.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Host_that_the_estate_does_not_have_fails_and_the_other_parts_are_looked_at()
    {
        var ended = await _agent.RunAsync(["inspect", .. _agent.Settings, "--host", "hv-nowhere"]);

        ended.Lines.ShouldContain($"FAILED  host: HostAgent:Host is 'hv-nowhere'; it must be a host of the estate '{_agent.There("estate.yaml")}': hv-west-01.");
        ended.Lines[^1].ShouldStartWith("OK      port: ");
        ended.ExitCode.ShouldBe(1);
    }
}
