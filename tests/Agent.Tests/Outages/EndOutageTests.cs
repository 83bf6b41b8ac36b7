using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Tests.Support;
using HostAgent.Agent.Wire;
using HostAgent.Hosting;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Tests.Outages;

/// <summary>The night without a coordinator: one command, one statement, and never a start that the state forbids.</summary>
public sealed class EndOutageTests
{
    private const string Statement = "hv-east-01 is powered off, seen at its management board";

    private static readonly string Machine = Stage.Id(1).ToString();

    private static string[] Stated => [Machine, "--statement", Statement, "--name", "Ada"];

    [Fact]
    public async Task Prepared_machine_is_unlocked_and_started_and_the_journal_has_who_said_what()
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete });
        await host.RecordAsync("shut-down-guest", "prepare-planned-failover");

        var (runs, lines) = await host.EndAsync(Stated);

        runs.ShouldBeTrue(string.Join('\n', lines));
        lines[0].ShouldStartWith($"The statement must be about machine app-01 ({Machine.ToUpperInvariant()}) on ");
        lines[1].ShouldBe($"Ada states: {Statement}");
        (await host.FactsAsync(Machine))[2].ShouldStartWith("power:       Running (2)");
        var journal = await host.JournalAsync();
        journal.Take(2).Select(operation => operation.Facts.Kind).ShouldBe(["start-machine", "cancel-planned-failover"]);
        foreach (var operation in journal.Take(2))
        {
            operation.State.IsSuccess().ShouldBeTrue();
            operation.Facts.RequestedBy.ShouldBe($"end-outage Ada: {Statement}");
            OperationRequests.ReadStored(operation.Facts.Request).Ticket!.Peer.ShouldEndWith($", stated to be off by Ada: {Statement}");
        }
    }

    [Fact]
    public async Task Stopped_primary_that_replicates_is_started()
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating });
        await host.RecordAsync("shut-down-guest");

        (await host.EndAsync(Stated)).Runs.ShouldBeTrue();

        (await host.JournalAsync()).Select(operation => operation.Facts.Kind).ShouldBe(["start-machine", "shut-down-guest"]);
    }

    [Theory]
    [InlineData(ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Running, "Running (2), Primary (1), Replicating (3)")]
    [InlineData(ReplicationMode.Primary, ReplicationState.Critical, EnabledState.Off, "Off (3), Primary (1), Critical (8)")]
    [InlineData(ReplicationMode.Replica, ReplicationState.Recovered, EnabledState.Off, "Off (3), Replica (2), Recovered (5)")]
    [InlineData(ReplicationMode.Replica, ReplicationState.Replicating, EnabledState.Off, "Off (3), Replica (2), Replicating (3)")]
    public async Task Every_other_state_is_refused_and_named(ReplicationMode mode, ReplicationState state, EnabledState power, string shown)
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = mode, State = state, Power = power });
        await host.RecordAsync("shut-down-guest");

        var (runs, lines) = await host.EndAsync(Stated);

        runs.ShouldBeFalse();
        lines[^1].ShouldBe($"Refused: machine app-01 on {Stage.HostName} is {shown}. It must be Off (3) and Primary (1), and either SyncedReplicationComplete (4), whose planned failover is cancelled first, or Replicating (3). Nothing was done.");
        (await host.JournalAsync()).Count.ShouldBe(1);
    }

    public static TheoryData<ReplicationMode, ReplicationState, EnabledState> NotToBeStarted => new(
    [
        // Of a primary that is off, every state but the two that a stop for the way home leaves.
        .. from state in Enum.GetValues<ReplicationState>()
           where state is not (ReplicationState.Replicating or ReplicationState.SyncedReplicationComplete)
           select (ReplicationMode.Primary, state, EnabledState.Off),
        // In these two, everything that is not off, and everything that is no primary.
        .. from state in (ReplicationState[])[ReplicationState.Replicating, ReplicationState.SyncedReplicationComplete]
           from power in (EnabledState[])[EnabledState.Running, EnabledState.Saved, EnabledState.Paused]
           select (ReplicationMode.Primary, state, power),
        .. from mode in Enum.GetValues<ReplicationMode>()
           where mode is not ReplicationMode.Primary
           from state in (ReplicationState[])[ReplicationState.Replicating, ReplicationState.SyncedReplicationComplete, ReplicationState.Recovered]
           select (mode, state, EnabledState.Off),
    ]);

    [Theory]
    [MemberData(nameof(NotToBeStarted))]
    public async Task Machine_in_any_other_state_is_not_started_whatever_is_stated(ReplicationMode mode, ReplicationState state, EnabledState power)
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = mode, State = state, Power = power });
        await host.RecordAsync("shut-down-guest", "prepare-planned-failover");

        var (runs, lines) = await host.EndAsync(Stated);

        runs.ShouldBeFalse();
        lines[^1].ShouldStartWith("Refused: ");
        lines[^1].ShouldEndWith("Nothing was done.");
        (await host.JournalAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Running_service_must_be_stopped_first()
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating });
        await using var running = Recorded.Open(host.Data);

        var refusal = await Should.ThrowAsync<StartException>(() => host.EndAsync(Stated));

        refusal.Lines.ShouldHaveSingleItem().ShouldStartWith($"The agent's service is running on '{host.Data}': stop it first (");
    }

    [Fact]
    public async Task Directory_without_the_agents_journal_is_refused()
    {
        using var host = new OutageHost(Stage.Machine(1));

        (await Should.ThrowAsync<StartException>(() => host.EndAsync(Stated))).Lines.ShouldHaveSingleItem().ShouldContain("which has no journal");
        Directory.Exists(host.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Machine_with_an_operation_that_is_not_over_is_left_to_the_service()
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete });
        var id = Guid.NewGuid();
        await using (var journal = Recorded.Open(host.Data))
        {
            await journal.RecordAsync(Recorded.Facts(id) with { Kind = "prepare-planned-failover" }, OperationState.Running);
        }

        var (runs, lines) = await host.EndAsync(Stated);

        runs.ShouldBeFalse();
        lines.ShouldHaveSingleItem().ShouldStartWith($"Operation {id} (prepare-planned-failover) on the machine is not over in the journal");
        (await host.JournalAsync()).ShouldHaveSingleItem().State.ShouldBe(OperationState.Running);
    }

    [Fact]
    public async Task Every_error_of_the_command_line_is_named()
    {
        using var host = new OutageHost(Stage.Machine(1));

        var missing = await Should.ThrowAsync<StartException>(() => host.EndAsync());
        missing.Lines.Count.ShouldBe(3);
        missing.Lines[0].ShouldStartWith("The machine is missing;");
        missing.Lines[1].ShouldStartWith("--statement is missing; it must say how you know that the machine on the other host is off and not failed over");
        missing.Lines[2].ShouldBe("--name is missing; it must say who you are.");

        var wrong = await Should.ThrowAsync<StartException>(() => host.EndAsync(Machine, "--statement", new string('x', 501), "--name", "A\u202Eda"));
        wrong.Lines.ShouldBe([
            "--statement has 501 characters, or some that cannot be seen; it must have at most 500 visible ones on one line.",
            "--name has 4 characters, or some that cannot be seen; it must have at most 100 visible ones on one line."]);
    }
}
