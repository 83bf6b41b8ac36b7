using HostAgent.HyperV.Failback;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

public sealed class EstateGeneratorTests
{
    [Fact]
    public void The_same_seed_gives_the_same_estate()
        => EstateDocument.Write(EstateGenerator.Generate(8, 5, 7)).ShouldBe(EstateDocument.Write(EstateGenerator.Generate(8, 5, 7)));

    [Fact]
    public void Another_seed_gives_other_machines_with_other_identifiers()
    {
        var one = EstateGenerator.Generate(1, 20, 1).Hosts[0].VirtualMachines;
        var two = EstateGenerator.Generate(1, 20, 2).Hosts[0].VirtualMachines;
        one.Select(machine => machine.Id).Intersect(two.Select(machine => machine.Id)).ShouldBeEmpty();
        one.Select(machine => machine.Name).ShouldNotBe(two.Select(machine => machine.Name));
    }

    [Fact]
    public void Names_are_those_of_a_recovery_site()
    {
        var estate = EstateGenerator.Generate(8, 5, 7);
        estate.Hosts.Select(host => host.Name).ShouldBe(Enumerable.Range(1, 8).Select(number => $"hv-west-{number:00}"));
        var machines = estate.Hosts.SelectMany(host => host.VirtualMachines).ToList();
        machines.ShouldAllBe(machine => machine.Name.Contains('-'));
        machines.Select(machine => machine.Name.Split('-')[0]).Distinct().ShouldBeSubsetOf(["sql", "app", "web", "file", "dc"]);
        machines.Select(machine => machine.Name).ShouldBeUnique();
        machines.Select(machine => machine.Id).ShouldBeUnique();
    }

    [Fact]
    public void Large_estates_spread_over_sites_with_unique_host_names()
    {
        var estate = EstateGenerator.Generate(100, 1, 3);
        estate.Hosts.Select(host => host.Name).ShouldBeUnique();
        estate.Hosts.Select(host => host.Site).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Sizes_are_spread_around_what_each_workload_usually_has()
    {
        var machines = EstateGenerator.Generate(50, 40, 11).Hosts.SelectMany(host => host.VirtualMachines).ToList();
        double Median(string prefix)
        {
            var sizes = machines.Where(machine => machine.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(machine => machine.DiskGigabytes).Order().ToList();
            return sizes[sizes.Count / 2];
        }

        Median("web").ShouldBeInRange(40, 60);
        Median("sql").ShouldBeInRange(190, 300);
        machines.ShouldAllBe(machine => machine.ChangedGigabytes > 0 && machine.ChangedGigabytes <= machine.DiskGigabytes * 0.05);
    }

    [Fact]
    public async Task Every_generated_machine_is_ready_to_go_back_by_the_default_rules()
    {
        foreach (var host in EstateGenerator.Generate(2, 10, 5).Hosts)
        {
            await using var stage = await Stage.OpenAsync(host);
            foreach (var machine in await stage.Door.ListVirtualMachinesAsync(Stage.Token))
            {
                FailbackRules.Default.WhyIneligible(machine).ShouldBeNull();
                var report = await stage.Door.CheckReadinessAsync(machine.Id, RecoveryPointSelector.LatestApplicationConsistent, Stage.Token);
                report.Ready.ShouldBeTrue(string.Join("; ", report.Obstacles([]).Select(check => $"{check.Id}: {check.Observed}")));
                report.Obstacles([]).ShouldBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, -1)]
    [InlineData(10_001, 1)]
    public void Numbers_outside_their_range_are_refused(int hosts, int machines)
        => Should.Throw<ArgumentOutOfRangeException>(() => EstateGenerator.Generate(hosts, machines, 1));
}
