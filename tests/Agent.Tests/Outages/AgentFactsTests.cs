using HostAgent.Agent.Tests.Support;
using HostAgent.Hosting;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Tests.Outages;

/// <summary>What a person reads at night: the state, what it means, and whether it is a proof for the other host.</summary>
public sealed class AgentFactsTests
{
    private static readonly string Machine = Stage.Id(1).ToString();

    [Fact]
    public async Task Prepared_machine_is_shown_with_all_that_is_known_of_it()
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = ReplicationMode.Primary, State = ReplicationState.SyncedReplicationComplete, StartupAction = StartupAction.Always });
        await host.RecordAsync("shut-down-guest", "prepare-planned-failover");

        var lines = await host.FactsAsync(Machine);

        lines.Select(line => line.Split(':')[0]).ShouldBe(["machine", "replication", "power", "startup", "last change", "failed over", "jobs", "tests", "journal", "outage", "proof"]);
        lines[0].ShouldStartWith($"machine:     app-01 ({Machine.ToUpperInvariant()}) on {Stage.HostName}, read ");
        lines[1].ShouldStartWith("replication: Primary (1), SyncedReplicationComplete (4), other host ");
        lines[2].ShouldStartWith("power:       Off (3)");
        lines[3].ShouldBe("startup:     Always (4): the host starts it");
        lines[8].ShouldBe("journal:     prepared for a planned failover by this agent since 2026-11-22 03:00:00Z, last step 2026-11-22 03:00:00Z");
        lines[9].ShouldStartWith("outage:      It is off and locked. First prove that it is off and not failed over on ");
        lines[10].ShouldStartWith("proof:       none: ");
    }

    [Theory]
    [InlineData(ReplicationMode.Replica, ReplicationState.Replicating, EnabledState.Off, true)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Critical, EnabledState.Off, true)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Recovered, EnabledState.Off, false)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Committed, EnabledState.Off, false)]
    [InlineData(ReplicationMode.Replica, ReplicationState.Recovered, EnabledState.Running, false)]
    [InlineData(ReplicationMode.Primary, ReplicationState.Replicating, EnabledState.Off, false)]
    [InlineData(ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete, EnabledState.Off, false)]
    public async Task Only_a_replica_that_is_off_and_not_failed_over_is_a_proof(ReplicationMode mode, ReplicationState state, EnabledState power, bool isProof)
    {
        using var host = new OutageHost(Stage.Machine(1) with { Mode = mode, State = state, Power = power });

        (await host.FactsAsync(Machine))[^1].StartsWith("proof:       off and not failed over", StringComparison.Ordinal).ShouldBe(isProof);
    }

    [Fact]
    public async Task Without_a_machine_all_that_wait_are_shown_beside_a_running_agent()
    {
        using var host = new OutageHost(Stage.Machine(1));
        (await host.FactsAsync()).ShouldHaveSingleItem().ShouldStartWith($"No machine of {Stage.HostName} waits for a next step");
        await host.RecordAsync("fail-over");
        await using var running = Recorded.Open(host.Data);

        var lines = await host.FactsAsync();

        lines.Length.ShouldBe(11);
        lines.ShouldContain(line => line.StartsWith("failed over: ", StringComparison.Ordinal));
        lines[9].ShouldContain("It is off and could be started. First prove that it is off on ");
    }

    [Fact]
    public async Task Wrong_machine_is_named()
    {
        using var host = new OutageHost(Stage.Machine(1));

        (await Should.ThrowAsync<StartException>(() => host.FactsAsync("app-01"))).Lines.ShouldBe(["The machine is 'app-01'; it must be the GUID of a virtual machine."]);
        (await Should.ThrowAsync<StartException>(() => host.FactsAsync(Stage.Id(9).ToString()))).Lines.ShouldHaveSingleItem()
            .ShouldContain($"{Stage.HostName} does not have the virtual machine {Stage.Id(9).ToString().ToUpperInvariant()}");
    }
}
