using HostAgent.Agent.Inspection;
using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Tests.Inspection;

/// <summary>What an operator is told about a host and its machines.</summary>
public sealed class HostFindingsTests
{
    private static readonly HostStatus Status = new("HV-01", ReplicationServiceAvailable: true, RecoveryServerEnabled: true, 1, 80, 443, TimeSpan.FromHours(12));

    [Fact]
    public void Host_that_answers_says_its_own_name() => HostFindings.Of(Status, "as-configured", isSimulated: false).ToString()
        .ShouldBe("OK      host: HV-01 (replication service answers, accepts replication)");

    [Theory]
    [InlineData(false, "accepts no replication")]
    [InlineData(null, "does not report whether it accepts replication")]
    public void Simulated_host_says_so_and_whether_it_accepts_replication(bool? enabled, string words)
        => HostFindings.Of(Status with { RecoveryServerEnabled = enabled }, "hv", isSimulated: true).ToString().ShouldBe($"OK      host: HV-01 (simulated, replication service answers, {words})");

    [Fact]
    public void Host_without_its_replication_service_fails_by_its_configured_name()
        => HostFindings.Of(new HostStatus(null, ReplicationServiceAvailable: false, null, null, null, null, null), "hv-01", isSimulated: false).ToString()
            .ShouldBe("FAILED  host: hv-01 has no replication service (Msvm_ReplicationService): is the service vmms running?");

    [Fact]
    public async Task Machines_are_counted_and_those_that_could_not_be_failed_back_are_grouped_by_the_reason()
    {
        var machine = await MachineAsync();
        List<VirtualMachine> machines =
        [
            machine, machine,
            machine with { EnabledState = EnabledState.Running }, machine with { EnabledState = EnabledState.Running },
            Replicating(machine),
            machine with { ReplicationMode = ReplicationMode.None, Relationship = null },
        ];

        HostFindings.Of(machines, FailbackRules.Default).Select(finding => finding.ToString()).ShouldBe(
        [
            "OK      machines: 6, of which 5 are replicas and 2 could be failed back now",
            "OK      machines: 2 of the replicas could not: it is Running (2); it must be Off (3)",
            "OK      machines: 1 of the replicas could not: its replication state is Replicating (3); it must be Recovered (5) or Committed (6)",
        ]);
    }

    [Fact]
    public async Task Rules_of_the_settings_decide()
        => HostFindings.Of([Replicating(await MachineAsync())], FailbackRules.Default with { AllowedStates = [ReplicationState.Replicating] }).ShouldHaveSingleItem().Text
            .ShouldBe("1, of which 1 are replicas and 1 could be failed back now");

    [Fact]
    public void Host_without_machines_is_not_a_fault()
        => HostFindings.Of([], FailbackRules.Default).ShouldHaveSingleItem().ToString().ShouldBe("OK      machines: 0, of which 0 are replicas and 0 could be failed back now");

    private static VirtualMachine Replicating(VirtualMachine machine) => machine with { Relationship = machine.Relationship! with { State = ReplicationState.Replicating } };

    private static async Task<VirtualMachine> MachineAsync()
    {
        await using var host = await SimulatedHost.OpenAsync(Stage.Host(Stage.Machine(1)), new SimulationOptions(), TimeProvider.System);
        await using var session = host.OpenSession();
        return (await new HyperVHost(session, TimeProvider.System).ListVirtualMachinesAsync(default)).ShouldHaveSingleItem();
    }
}
