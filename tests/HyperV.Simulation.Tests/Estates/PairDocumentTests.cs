using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Simulation.Tests.Estates;

/// <summary>Pairs in estate documents.</summary>
public sealed class PairDocumentTests
{
    private const string Head = "apiVersion: failback/v1\nkind: Estate\n";
    private const string Hosts = "hosts: [{ name: main-01 }, { name: dr-01 }, { name: dr-02 }]\n";

    [Fact]
    public void Every_key_is_read()
    {
        var estate = Parse(Hosts + """
            stateDirectory: state
            pairs:
              - home: MAIN-01
                recovery: dr-01
                megabitsPerSecond: 500
                latency: 20ms
                lossPercent: 0.1
                cuts:
                  - { after: 10m, for: 5m, towards: dr-01 }
                  - { after: 2h }
                virtualMachines:
                  - { name: sql-01, scenario: reversed, diskGigabytes: 240, startupAction: always }
                  - { name: sql-02, scenario: homeLost }
            """);

        estate.StateDirectory.ShouldBe("state");
        var pair = estate.Pairs.ShouldHaveSingleItem();
        (pair.Home, pair.Recovery).ShouldBe(("main-01", "dr-01"));
        pair.Link.ShouldSatisfyAllConditions(
            link => link.MegabitsPerSecond.ShouldBe(500),
            link => link.Latency.ShouldBe(TimeSpan.FromMilliseconds(20)),
            link => link.LossPercent.ShouldBe(0.1),
            link => link.Cuts.ShouldBe([new(TimeSpan.FromMinutes(10)) { For = TimeSpan.FromMinutes(5), Towards = "dr-01" }, new(TimeSpan.FromHours(2))]));
        var home = estate.FindHost("main-01")!.VirtualMachines.ShouldHaveSingleItem();
        var recovery = estate.FindHost("dr-01")!.VirtualMachines;
        (home.Id, home.Mode, home.State, home.Power).ShouldBe((recovery[0].Id, ReplicationMode.Replica, ReplicationState.Replicating, EnabledState.Off));
        (recovery[0].Mode, recovery[0].Power, recovery[0].DiskGigabytes).ShouldBe((ReplicationMode.Primary, EnabledState.Running, 240));
        recovery[1].State.ShouldBe(ReplicationState.Recovered);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var estate = EstateGenerator.GeneratePairs(2, 3, 7, PairScenario.Reversed);
        estate = estate with
        {
            StateDirectory = "state",
            Pairs = [estate.Pairs[0] with { Link = new SimulatedLinkDescription { MegabitsPerSecond = 5, Latency = TimeSpan.FromMilliseconds(5), LossPercent = 1, Cuts = [new(TimeSpan.FromHours(1)) { For = TimeSpan.FromHours(2), Towards = estate.Pairs[0].Home }] } }, estate.Pairs[1]],
        };
        var text = EstateDocument.Write(estate);
        EstateDocument.Write(EstateDocument.Parse(text, "written.yaml").Require()).ShouldBe(text);
    }

    [Fact]
    public void Generator_makes_pairs_with_the_same_machines_on_both_hosts()
    {
        var estate = Parse("generate: { pairs: 8, virtualMachines: 5, seed: 7 }\n");

        estate.Hosts.Count.ShouldBe(16);
        estate.Pairs.Count.ShouldBe(8);
        estate.Hosts.SelectMany(host => host.VirtualMachines).Select(machine => machine.Id).Distinct().Count().ShouldBe(40);
        foreach (var pair in estate.Pairs)
        {
            Ids(pair.Home).ShouldBe(Ids(pair.Recovery));
        }

        EstateDocument.Write(estate).ShouldBe(EstateDocument.Write(EstateGenerator.GeneratePairs(8, 5, 7)));

        IEnumerable<Guid> Ids(string host) => estate.FindHost(host)!.VirtualMachines.Select(machine => machine.Id);
    }

    [Fact]
    public void Machines_listed_under_both_hosts_belong_together_by_their_identifier()
    {
        const string Machine = "virtualMachines: [{ name: sql-01, id: 8f14e45f-ceea-467f-a0e6-0b1c6a3f9a10 }]";
        var both = $"hosts: [{{ name: main-01, {Machine} }}, {{ name: dr-01, {Machine} }}]\n";

        Parse(both + "pairs: [{ home: main-01, recovery: dr-01 }]\n").VirtualMachineCount.ShouldBe(2);
        ErrorOf(both).ShouldContain("must be unique, except on the two hosts of a pair");
    }

    [Theory]
    [InlineData("pairs: [{ home: main-02, recovery: dr-01 }]", "pairs[0].home is 'main-02'; it must be a host of the estate.")]
    [InlineData("pairs: [{ home: main-01, recovery: main-01 }]", "pairs[0].recovery is 'main-01', which is in a pair already; a host is in at most one.")]
    [InlineData("pairs: [{ home: main-01, recovery: dr-01, cuts: [{ after: 1m, towards: dr-02 }] }]", "pairs[0].cuts[0].towards is 'dr-02'; it must be a host of the pair: main-01 or dr-01.")]
    [InlineData("pairs: [{ home: main-01 }]", "pairs[0].recovery is missing; it must be a host of the estate.")]
    [InlineData("pairs: [{ home: main-01, recovery: dr-01, lossPercent: 51 }]", "pairs[0].lossPercent is '51'; it must be a number from 0 to 50.")]
    [InlineData("generate: { virtualMachines: 1 }", "generate has neither hosts nor pairs; it must have one of them.")]
    public void Pair_that_cannot_be_is_refused_by_name(string text, string message) => ErrorOf(Hosts + text).ShouldBe(message);

    private static Estate Parse(string text) => EstateDocument.Parse(Head + text, "estate.yaml").Require();

    private static string ErrorOf(string text) => EstateDocument.Parse(Head + text, "estate.yaml").Errors.ShouldHaveSingleItem().Message;
}
