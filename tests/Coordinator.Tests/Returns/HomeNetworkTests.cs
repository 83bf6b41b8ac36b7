using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Returns;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>What the adapters of a machine get at home.</summary>
public class HomeNetworkTests
{
    private static readonly NetworkSpec Rule = new("DR", "Prod")
    {
        Subnets =
        [
            new SubnetSpec("10.20.0.0/16", "10.10.0.0/16") { Gateway = "10.10.0.1", DnsServers = ["10.10.0.53", "10.10.0.54"] },
            new SubnetSpec("10.21.4.0/22", "192.168.8.0/22") { DnsServers = ["10.10.0.53"] },
            new SubnetSpec("fd00:20::/64", "fd00:10:0:1::/64") { Gateway = "fd00:10:0:1::1" },
        ],
    };

    [Fact]
    public void Address_keeps_its_place_in_the_subnet_that_its_own_becomes()
    {
        var wanted = HomeNetwork.Of([Rule], Seen("10.20.3.7", "10.21.6.9", "fd00:20::1:2")).Adapters.ShouldHaveSingleItem();

        (wanted.Id, wanted.Switch).ShouldBe(("id-lan", "Prod"));
        wanted.Addresses!.Addresses.ShouldBe(["10.10.3.7/16", "192.168.10.9/22", "fd00:10:0:1::1:2/64"]);
        wanted.Addresses.Gateways.ShouldBe(["10.10.0.1", "fd00:10:0:1::1"]);
        wanted.Addresses.DnsServers.ShouldBe(["10.10.0.53", "10.10.0.54"]);
    }

    [Fact]
    public void Adapter_of_a_switch_without_a_rule_is_left_alone_and_one_without_subnets_keeps_its_addresses()
    {
        HomeNetwork.Of([Rule with { From = "Other" }], Seen("10.20.3.7")).ShouldSatisfyAllConditions(home => home.Adapters.ShouldBeEmpty(), home => home.Next([]).ShouldBeNull());
        HomeNetwork.Of([new NetworkSpec("dr", "Prod")], Seen("10.20.3.7")).Adapters.ShouldHaveSingleItem().Addresses.ShouldBeNull();
        HomeNetwork.Of(rules: null, seen: null).Next([]).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "The guest tells no address of adapter 'lan' at the recovery site, so it cannot be told which one it gets at home")]
    [InlineData("10.20.3.7 10.99.0.1", "Adapter 'lan' has 10.99.0.1, which is in no subnet of the rule for switch DR")]
    public void Address_that_no_rule_moves_is_told_and_nothing_is_set(string addresses, string obstacle)
        => HomeNetwork.Of([Rule], Seen(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Next([At("Old")]).ShouldBe((null, obstacle));

    [Fact]
    public void Machine_that_was_never_seen_running_has_no_network_that_could_be_moved()
        => HomeNetwork.Of([Rule], seen: null).Next([At("Old")])!.Value.Obstacle.ShouldNotBeNull().ShouldContain("was not seen running");

    [Fact]
    public void Adapter_is_connected_first_then_gets_its_addresses_and_then_nothing_is_left()
    {
        var home = HomeNetwork.Of([Rule], Seen("10.20.3.7"));

        var connect = home.Next([At("Old")])!.Value.Operation!;
        (connect.Kind, connect.NetworkAdapter, connect.VirtualSwitch).ShouldBe((OperationKind.ConnectNetwork, "id-lan", "Prod"));
        var addresses = home.Next([At("prod")])!.Value.Operation!;
        (addresses.Kind, addresses.FailoverAdapters.ShouldHaveSingleItem().NetworkAdapter).ShouldBe((OperationKind.SetFailoverNetwork, "id-lan"));
        home.Next([At("Prod", addresses.FailoverAdapters[0].Addresses)]).ShouldBeNull();
        home.Next([])!.Value.Obstacle.ShouldBe("Adapter 'lan' of the recovery site is missing at home");
    }

    [Fact]
    public void Guest_that_asks_a_server_has_no_address_that_it_should_have_and_the_others_should_have_the_moved_ones()
    {
        var seen = Seen("10.20.3.7");
        HomeNetwork.Of([Rule], seen).Expected(seen)!.Adapters[0].Addresses.ShouldBe(["10.10.3.7"]);
        HomeNetwork.Of([new NetworkSpec("DR", "Prod") { Dhcp = true }], seen).ShouldSatisfyAllConditions(
            home => home.Adapters[0].Addresses!.Dhcp.ShouldBeTrue(), home => home.Expected(seen)!.Adapters[0].Addresses.ShouldBeEmpty());
        HomeNetwork.None.Expected(seen).ShouldBeSameAs(seen);
    }

    private static SeenNetwork Seen(params IReadOnlyList<string> addresses) => new(default, [new SeenAdapter("id-lan", "lan", Connected: true, addresses) { Switch = "DR" }]);

    private static MachineAdapter At(string name, FailoverAddresses? addresses = null) => new() { Id = "ID-lan", Name = "lan", VirtualSwitch = name, AfterFailover = addresses };
}
