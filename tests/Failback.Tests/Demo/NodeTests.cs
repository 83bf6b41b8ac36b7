using HostAgent.Cli;
using HostAgent.Failback.Demo.Nodes;
using HostAgent.Failback.Servers;

namespace HostAgent.Failback.Tests.Demo;

public sealed class NodeTests
{
    [Fact]
    public async Task A_hidden_verb_that_cannot_start_says_why_and_is_invalid()
    {
        using var failback = TestProgram.CommandLine();

        (await failback.RunAsync("run-coordinator", "--listen", "nowhere")).ShouldBe(ExitCode.Invalid);

        failback.ErrorLines.ShouldContain(line => line.Contains("Listen", StringComparison.Ordinal) && line.Contains("nowhere", StringComparison.Ordinal));
        failback.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_node_whose_process_ends_before_it_is_ready_is_one_clear_error_and_leaves_its_log()
    {
        var directory = new DemoDirectory();
        try
        {
            using var nodes = new ChildProcessNodes(directory, TimeProvider.System);

            var failure = await Should.ThrowAsync<CommandException>(
                nodes.StartAsync(NodeProgram.Coordinator, "coordinator", ["--listen", "nowhere"], TestContext.Current.CancellationToken));

            failure.Lines.ShouldBe(["coordinator did not start: its process ended with exit code 2."]);
            (await File.ReadAllTextAsync(directory.Log("coordinator"))).ShouldContain("nowhere");
        }
        finally
        {
            directory.Remove();
        }
    }

    [Fact]
    public void Nobody_else_can_read_the_demo_and_only_its_logs_outlive_a_failure()
    {
        var directory = new DemoDirectory();
        try
        {
            File.WriteAllText(directory.Campaign, "x");
            File.WriteAllText(directory.Log("coordinator"), "x");
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(directory.Root).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            directory.RemoveAllButLogs();

            Directory.GetFileSystemEntries(directory.Root).ShouldBe([directory.Logs]);
        }
        finally
        {
            directory.Remove();
        }
    }
}
