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
        var wanted = HomeNetwork.Of([Rule], SeenAt("10.20.3.7", "10.21.6.9", "fd00:20::1:2")).Adapters.ShouldHaveSingleItem();

        (wanted.Id, wanted.Switch).ShouldBe(("id-lan", "Prod"));
        wanted.Addresses!.Addresses.ShouldBe(["10.10.3.7/16", "192.168.10.9/22", "fd00:10:0:1::1:2/64"]);
        wanted.Addresses.Gateways.ShouldBe(["10.10.0.1", "fd00:10:0:1::1"]);
        wanted.Addresses.DnsServers.ShouldBe(["10.10.0.53", "10.10.0.54"]);
    }

    [Fact]
    public void Adapter_of_a_switch_without_a_rule_is_left_alone_and_one_without_subnets_keeps_its_addresses()
    {
        HomeNetwork.Of([Rule with { From = "Other" }], SeenAt("10.20.3.7")).ShouldSatisfyAllConditions(home => home.Adapters.ShouldBeEmpty(), home => home.Next([]).ShouldBeNull());
        HomeNetwork.Of([new NetworkSpec("dr", "Prod")], SeenAt("10.20.3.7")).Adapters.ShouldHaveSingleItem().Addresses.ShouldBeNull();
        HomeNetwork.Of(rules: null, seen: null).Next([]).ShouldBeNull();
    }

    [Theory]
    [InlineData("", "The guest tells no address of adapter 'lan' at the recovery site, so it cannot be told which one it gets at home")]
    [InlineData("10.20.3.7 10.99.0.1", "Adapter 'lan' has 10.99.0.1, which is in no subnet of the rule for switch DR")]
    public void Address_that_no_rule_moves_is_told_and_nothing_is_set(string addresses, string obstacle)
        => HomeNetwork.Of([Rule], SeenAt(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Next([At("Old")]).ShouldBe((null, obstacle));

    [Fact]
    public void Machine_that_was_never_seen_running_has_no_network_that_could_be_moved()
        => HomeNetwork.Of([Rule], seen: null).Next([At("Old")])!.Value.Obstacle.ShouldNotBeNull().ShouldContain("was not seen running");

    [Fact]
    public void Adapter_is_connected_first_then_gets_its_addresses_and_then_nothing_is_left()
    {
        var home = HomeNetwork.Of([Rule], SeenAt("10.20.3.7"));

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
        var seen = SeenAt("10.20.3.7");
        HomeNetwork.Of([Rule], seen).Expected(seen)!.Adapters[0].Addresses.ShouldBe(["10.10.3.7"]);
        HomeNetwork.Of([new NetworkSpec("DR", "Prod") { Dhcp = true }], seen).ShouldSatisfyAllConditions(
            home => home.Adapters[0].Addresses!.Dhcp.ShouldBeTrue(), home => home.Expected(seen)!.Adapters[0].Addresses.ShouldBeEmpty());
        HomeNetwork.None.Expected(seen).ShouldBeSameAs(seen);
    }

    [Fact]
    public void Adapter_gets_its_vlan_and_its_static_address_after_its_switch_and_then_nothing_is_left()
    {
        var home = HomeNetwork.Of([Rule with { Subnets = [], Vlan = 120, KeepMac = true }], Seen("00155D010203"));

        home.Next([Other("Old", "untagged")])!.Value.Operation!.Kind.ShouldBe(OperationKind.ConnectNetwork);
        var vlan = home.Next([Other("Prod", "untagged")])!.Value.Operation!;
        (vlan.Kind, vlan.NetworkAdapter, vlan.AccessVlan, home.InWords(vlan)).ShouldBe((OperationKind.SetAdapterVlan, "id-lan", 120U, "Adapter 'lan' has the VLAN access 120."));
        // An agent that does not tell is ordered to, and refuses what it does not know.
        home.Next([Other("Prod", "")])!.Value.Operation!.Kind.ShouldBe(OperationKind.SetAdapterVlan);
        foreach (var mac in (MachineAdapter[])[Other("Prod", "access 120"), Other("Prod", "access 120", "00155D010203"), Other("Prod", "access 120", "00155D010204", isStatic: true)])
        {
            var address = home.Next([mac])!.Value.Operation!;
            (address.Kind, address.NetworkAdapter, address.MacAddress).ShouldBe((OperationKind.SetAdapterMac, "id-lan", "00155D010203"));
        }

        home.Next([Other("Prod", "access 120", "00155D010203", isStatic: true)]).ShouldBeNull();
    }

    [Fact]
    public void Adapter_that_is_to_be_untagged_leaves_its_vlan_and_one_without_a_rule_for_it_keeps_what_home_has()
    {
        var untagged = HomeNetwork.Of([Rule with { Subnets = [], Vlan = 0 }], Seen("00155D010203"));
        var order = untagged.Next([Other("Prod", "access 9")])!.Value.Operation!;
        (order.Kind, order.AccessVlan).ShouldBe((OperationKind.SetAdapterVlan, 0U));
        untagged.Next([Other("Prod", "untagged")]).ShouldBeNull();
        HomeNetwork.Of([Rule with { Subnets = [] }], Seen("00155D010203")).Next([Other("Prod", "trunk 1+2 native 1")]).ShouldBeNull();
    }

    [Fact]
    public void Dynamic_address_is_not_kept_and_one_that_was_not_told_is_an_obstacle()
    {
        var rule = Rule with { Subnets = [], KeepMac = true };
        HomeNetwork.Of([rule], Seen("")).Next([Other("Prod", "untagged", "00155D0A0B0C", isStatic: true)]).ShouldBeNull();
        HomeNetwork.Of([rule], Seen(staticMac: null)).Next([Other("Prod", "untagged")])!.Value.Obstacle.ShouldNotBeNull().ShouldContain("The MAC address of adapter 'lan' at the recovery site is not known");
    }

    [Theory]
    [InlineData(null, "Prod", 120)]
    [InlineData(false, "Prod", 120)]
    [InlineData(true, "Prod", null)]
    [InlineData(true, "DR", null)]
    public void Way_home_of_a_drill_leaves_vlans_and_addresses_as_home_has_them_and_lets_them_differ(bool? isWayBack, string to, int? vlan)
    {
        var state = new ReturnState
        {
            Uid = Guid.Empty,
            Machine = Guid.Empty,
            MachineName = "sql-01",
            RecoveryHost = "a",
            HomeHost = "b",
            CreateTime = default,
            CreatedBy = "",
            Plan = new ReturnPlan { Networks = [Rule with { To = to, Subnets = [], Vlan = 120, KeepMac = true }] },
            Recovery = new SiteMemory { Network = Seen("00155D010203") },
            Drill = isWayBack is { } back ? new ReturnDrill(back, "", default, default) : null,
        };

        var wanted = HomeNetwork.Of(state).Adapters.ShouldHaveSingleItem();
        (wanted.VlanId, wanted.Mac).ShouldBe((vlan, vlan is null ? null : "00155D010203"));
        HomeNetwork.PlannedVlans(state).ShouldBe(isWayBack == true && to != "DR" ? [] : ["id-lan"]);
    }

    [Theory]
    [InlineData("Old", "access 120", true, "should have the switch Prod, as its campaign says, and has Old")]
    [InlineData("Prod", "access 12", true, "should have the VLAN access 120, as its campaign says, and has access 12")]
    [InlineData("Prod", "", true, "should have the VLAN access 120, as its campaign says, and has none")]
    [InlineData("Prod", "access 120", false, "should have the static MAC address 00155D010203, as its campaign says, and has the dynamic one 00155D010203")]
    [InlineData("PROD", "access 120", true, null)]
    public void Machine_that_has_started_with_another_switch_vlan_or_address_has_not_come_up(string at, string vlan, bool isStatic, string? difference)
    {
        var (rules, seen) = ((IReadOnlyList<NetworkSpec>)[Rule with { Subnets = [], Vlan = 120, KeepMac = true }], Seen("00155D010203"));
        var home = HomeNetwork.Of(rules, seen);
        var (outcome, text) = new ExpectedNetwork(new ReturnPlan { Networks = rules }, home.Expected(seen)) { Wanted = home.Adapters }.Compare([Other(at, vlan, "00155D010203", isStatic)]);
        (outcome == NetworkOutcome.Differs).ShouldBe(difference is not null, text);
        text.ShouldContain(difference ?? "");
    }

    [Fact]
    public void What_is_remembered_of_an_address_is_what_a_host_can_have()
    {
        SeenNetwork.After(null, [Other("DR", "", "00155d010203", isStatic: true), Other("DR", "", "00155D010203"), Other("DR", ""), Other("DR", "", "a lie", isStatic: true)], default)!
            .Adapters.Select(adapter => adapter.StaticMac).ShouldBe(["00155D010203", "", null, null]);
    }

    private static SeenNetwork Seen(string? staticMac) => new(default, [new SeenAdapter("id-lan", "lan", Connected: true, []) { Switch = "DR", StaticMac = staticMac }]);

    private static MachineAdapter Other(string at, string vlan, string mac = "", bool isStatic = false)
        => new() { Id = "ID-lan", Name = "lan", VirtualSwitch = at, Vlan = vlan, MacAddress = mac, StaticMacAddress = isStatic };

    private static SeenNetwork SeenAt(params IReadOnlyList<string> addresses) => new(default, [new SeenAdapter("id-lan", "lan", Connected: true, addresses) { Switch = "DR" }]);

    private static MachineAdapter At(string name, FailoverAddresses? addresses = null) => new() { Id = "ID-lan", Name = "lan", VirtualSwitch = name, AfterFailover = addresses };
}
