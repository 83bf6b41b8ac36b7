using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests;

/// <summary>The preflight of the domain, made on a whole simulated host instead of on scripted instances.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task Every_machine_of_a_generated_estate_passes_the_preflight_without_a_question()
    {
        var estate = EstateGenerator.Generate(hosts: 3, virtualMachinesPerHost: 5, seed: 7);
        foreach (var description in estate.Hosts)
        {
            await using var stage = await Stage.OpenAsync(description);
            var machines = await stage.Door.ListVirtualMachinesAsync(Stage.Token);
            machines.Count.ShouldBe(5);
            foreach (var machine in machines)
            {
                stage.Door.Rules.WhyIneligible(machine).ShouldBeNull(machine.Name);
                var report = await stage.Door.CheckReadinessAsync(machine.Id, RecoveryPointSelector.Latest, Stage.Token);
                report.Obstacles([]).Select(c => $"{machine.Name}: {c.Id}: {c.Observed}").ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task A_machine_that_is_being_failed_back_is_not_ready_for_another()
    {
        await using var stage = await Stage.OpenAsync();
        await stage.StartAsync();
        stage.Pass(30);
        var machine = (await stage.Door.ListVirtualMachinesAsync(Stage.Token)).ShouldHaveSingleItem();
        var report = await stage.Door.CheckReadinessAsync(machine.Id, RecoveryPointSelector.Latest, Stage.Token);
        report.Ready.ShouldBeFalse();
        report.Obstacles([]).Select(c => c.Id).ShouldBe(
        [
            ReadinessCheckId.ReplicationStateNotAllowed,
            ReadinessCheckId.VirtualMachineBusy,
            ReadinessCheckId.JobInProgress,
        ]);
    }
}
