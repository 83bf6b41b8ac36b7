using HostAgent.Agent.Configuration;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV.Simulation.Estates;
using ReplicationMode = HostAgent.HyperV.Replication.ReplicationMode;
using ReplicationState = HostAgent.HyperV.Replication.ReplicationState;

namespace HostAgent.Agent.Tests.Guards;

/// <summary>The site's own program is run once for a machine that waits too long, and holds nothing up.</summary>
public sealed class UnfinishedCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly TemporaryDirectory _directory = new();

    private static SimulatedVirtualMachineDescription Prepared => Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete };

    private string Written => _directory.Combine("written");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Program_gets_the_facts_and_its_output_is_logged()
    {
        await using var host = await OpenAsync("""echo "$FAILBACK_HOST|$FAILBACK_VM_ID|$FAILBACK_VM_NAME|$FAILBACK_WORK|$FAILBACK_SINCE|$FAILBACK_WAITING_SECONDS" >> "$1"; echo "$FAILBACK_ADVICE" | head -c 15""");
        await host.StepAsync("prepare-planned-failover");

        await host.LookAfterAsync(Patience);

        await UntilAsync(host, "ended with code 0: It is off and l vm_id");
        Lines().ShouldBe([$"{Stage.HostName}|{Stage.Id(1).ToString().ToUpperInvariant()}|app-01|PREPARED|2026-11-22T03:00:00Z|600"]);
    }

    [Fact]
    public async Task Program_is_run_once_for_an_occasion_also_after_restarts_and_again_after_the_next_step()
    {
        await using var host = await OpenAsync("echo run >> \"$1\"");
        await host.StepAsync("prepare-planned-failover");
        await host.LookAfterAsync(Patience - TimeSpan.FromSeconds(1));
        host.Log.Lines.ShouldBeEmpty();
        await host.LookAfterAsync(TimeSpan.FromSeconds(1));
        await UntilAsync(host, "ended with code 0");

        await host.LookAfterAsync(Patience * 8);
        await host.RestartAsync();
        await host.LookAfterAsync(Patience);
        Lines().ShouldBe(["run"]);

        await host.StepAsync("fence");
        await host.LookAfterAsync(Patience);
        await UntilAsync(host, "ended with code 0", times: 2);
        Lines().ShouldBe(["run", "run"]);
    }

    [Fact]
    public async Task Program_that_hangs_holds_no_look_up_and_is_ended()
    {
        await using var host = await OpenAsync("echo run >> \"$1\"; sleep 600");
        await host.StepAsync("prepare-planned-failover");

        (await host.LookAfterAsync(Patience)).ShouldHaveSingleItem();
        while (!File.Exists(Written))
        {
            await Task.Yield();
        }

        (await host.LookAfterAsync(TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        host.Time.Advance(TimeSpan.FromSeconds(31));
        await UntilAsync(host, "it was ended, because it ran for 60 s");
    }

    [Fact]
    public async Task Program_that_fails_is_an_error_and_is_not_run_again()
    {
        await using var host = await OpenAsync("echo run >> \"$1\"; echo why >&2; exit 3");
        await host.StepAsync("prepare-planned-failover");
        await host.LookAfterAsync(Patience);
        await UntilAsync(host, "ended with code 3, and is not run again before the machine's next step: why");
        await host.LookAfterAsync(Patience * 4);
        Lines().ShouldBe(["run"]);
    }

    [Fact]
    public async Task Program_is_not_run_while_that_cannot_be_written_down()
    {
        await using var host = await OpenAsync("echo run >> \"$1\"");
        await host.StepAsync("prepare-planned-failover");
        Directory.CreateDirectory(host.RecordPath);

        (await host.LookAfterAsync(Patience)).ShouldHaveSingleItem();
        await UntilAsync(host, "the program for machine app-01 is not run");
        File.Exists(Written).ShouldBeFalse();

        Directory.Delete(host.RecordPath);
        await host.LookAfterAsync(TimeSpan.FromMinutes(1));
        await UntilAsync(host, "ended with code 0");
    }

    [Fact]
    public void Arguments_without_a_program_and_a_program_without_a_full_path_are_refused()
    {
        new AgentOptions { UnfinishedCommandArguments = ["x"] }.Check().ShouldHaveSingleItem().ToLine("HostAgent").ShouldBe("HostAgent:UnfinishedCommandArguments is 'x'; it must be empty, unless UnfinishedCommand is set.");
        new AgentOptions { UnfinishedCommand = "tell.sh" }.Check().ShouldHaveSingleItem().ToLine("HostAgent").ShouldContain("HostAgent:UnfinishedCommand is 'tell.sh'; it must be a full path");
        new AgentOptions().Check().ShouldBeEmpty();
    }

    private Task<GuardedHost> OpenAsync(string script) => GuardedHost.OpenAsync(
        options =>
        {
            options.UnfinishedCommand = "/bin/sh";
            options.UnfinishedCommandArguments = ["-c", script, "sh", Written];
        },
        Prepared);

    private string[] Lines() => File.ReadAllLines(Written);

    private static async Task UntilAsync(GuardedHost host, string part, int times = 1)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (host.Log.Lines.Count(line => line.Text.Contains(part, StringComparison.Ordinal)) < times)
        {
            await Task.Yield();
            deadline.Token.ThrowIfCancellationRequested();
        }
    }
}
