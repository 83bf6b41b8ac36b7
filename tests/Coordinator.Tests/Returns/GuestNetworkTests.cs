using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Returns;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>What a machine's network should be at home, and what is made of what it is.</summary>
public sealed class GuestNetworkTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("vSwitch", "192.0.2.10", "Matches", "its network is as at the recovery site: adapter 'lan' has 192.0.2.10")]
    [InlineData("another", "192.0.2.10 fe80::1 2001:db8::10", "Matches", "its network is as at the recovery site")]
    [InlineData("", "192.0.2.10", "Differs", "adapter 'lan' should be connected to a switch, as at the recovery site, and is connected to none")]
    [InlineData("vSwitch", "169.254.3.4", "DiffersYet", "adapter 'lan' should have 192.0.2.10, as at the recovery site, and has 169.254.3.4")]
    [InlineData("vSwitch", "", "DiffersYet", "adapter 'lan' should have 192.0.2.10, as at the recovery site, and has no address")]
    public void Network_is_compared_with_that_at_the_recovery_site(string at, string addresses, string outcome, string text)
        => Compared(new ReturnPlan(), Seen("192.0.2.10"), [Adapter("lan", at, addresses)]).ShouldSatisfyAllConditions(
            result => result.Outcome.ToString().ShouldBe(outcome),
            result => result.Text.ShouldStartWith(text));

    [Fact]
    public void Adapter_that_home_lacks_is_missed()
        => Compared(new ReturnPlan(), Seen("192.0.2.10"), []).ShouldBe((NetworkOutcome.Differs, "adapter 'lan' is missing; at the recovery site it was connected"));

    [Fact]
    public void Second_half_of_an_address_of_version_six_may_be_another()
    {
        Compared(new ReturnPlan(), Seen("2001:db8:0:1::5"), [Adapter("lan", "vSwitch", "2001:DB8:0:1:aa::7")]).Outcome.ShouldBe(NetworkOutcome.Matches);
        Compared(new ReturnPlan(), Seen("2001:db8:0:1::5"), [Adapter("lan", "vSwitch", "2001:db8:0:2::5")]).Outcome.ShouldBe(NetworkOutcome.DiffersYet);
    }

    [Fact]
    public void What_nobody_knows_is_no_verdict()
    {
        Compared(new ReturnPlan(), seen: null, [Adapter("lan", "", "")]).ShouldBe((NetworkOutcome.Unknown, "nobody knows which network it should have"));
        Compared(new ReturnPlan(), Seen(""), [Adapter("lan", "vSwitch", "192.0.2.10")]).ShouldBe((NetworkOutcome.Unknown, "its adapters are connected; nobody knows which addresses it should have"));
    }

    [Fact]
    public void Addresses_that_were_asked_for_count_more_than_those_that_were_seen()
    {
        var plan = new ReturnPlan { ExpectedAddresses = ["198.51.100.7", "2001:db8::7"] };

        Compared(plan, Seen("192.0.2.10"), [Adapter("lan", "vSwitch", "198.51.100.7 2001:DB8::0007")]).Outcome.ShouldBe(NetworkOutcome.Matches);
        Compared(plan, Seen("192.0.2.10"), [Adapter("lan", "vSwitch", "192.0.2.10")])
            .ShouldBe((NetworkOutcome.DiffersYet, "an adapter should have 198.51.100.7, and adapter 'lan' has 192.0.2.10"));
        Compared(plan, Seen("192.0.2.10"), [Adapter("lan", "", "198.51.100.7 2001:db8::7")]).Outcome.ShouldBe(NetworkOutcome.Differs);
    }

    [Fact]
    public void Any_address_is_one_that_holds_beyond_the_link_on_each_adapter_that_had_one()
    {
        var plan = new ReturnPlan { AnyAddress = true };

        Compared(plan, Seen("192.0.2.10"), [Adapter("lan", "vSwitch", "198.51.100.7"), Adapter("backup", "vSwitch", "")]).Outcome.ShouldBe(NetworkOutcome.Matches);
        Compared(plan, Seen("192.0.2.10"), [Adapter("lan", "vSwitch", "169.254.3.4 fe80::1"), Adapter("backup", "vSwitch", "198.51.100.7")])
            .ShouldBe((NetworkOutcome.DiffersYet, "adapter 'lan' should have an address and has none; adapter 'lan' has 169.254.3.4 and fe80::1, adapter 'backup' has 198.51.100.7"));
        Compared(plan, seen: null, [Adapter("lan", "vSwitch", ""), Adapter("backup", "vSwitch", "198.51.100.7")]).Outcome.ShouldBe(NetworkOutcome.Matches);
        Compared(plan, seen: null, [Adapter("lan", "vSwitch", "")]).Outcome.ShouldBe(NetworkOutcome.DiffersYet);
    }

    [Fact]
    public void Test_machine_is_at_the_switch_that_was_named_with_every_adapter()
    {
        new ExpectedNetwork(new ReturnPlan(), Seen: null, "Isolated").Compare([Adapter("lan", "isolated", "")]).ShouldBe((NetworkOutcome.Unknown, "its adapters are at switch Isolated; its addresses are not compared"));
        new ExpectedNetwork(new ReturnPlan(), Seen: null, "Isolated").Compare([Adapter("lan", "Isolated", ""), Adapter("backup", "vSwitch", "")])
            .ShouldBe((NetworkOutcome.Differs, "adapter 'backup' should be at switch Isolated and is at vSwitch"));
    }

    [Fact]
    public void Guest_that_tells_nothing_for_a_moment_has_not_lost_its_addresses_and_a_read_at_another_time_is_no_change()
    {
        var seen = SeenNetwork.After(before: null, [Adapter("lan", "vSwitch", "192.0.2.10 169.254.1.1")], Now)!;
        seen.Adapters.ShouldHaveSingleItem().ShouldBe(new SeenAdapter("id-lan", "lan", Connected: true, ["192.0.2.10"]) { Switch = "vSwitch" });

        var later = SeenNetwork.After(seen, [Adapter("lan", "vSwitch", "")], Now.AddMinutes(1));
        later.ShouldBe(seen);
        later!.Time.ShouldBe(Now.AddMinutes(1));
        SeenNetwork.After(seen, [], Now.AddMinutes(2)).ShouldBeSameAs(seen);
        SeenNetwork.After(seen, [Adapter("lan", "", "192.0.2.10")], Now).ShouldNotBe(seen);
    }

    [Fact]
    public void State_without_a_network_is_stored_as_before_and_one_with_it_comes_back()
    {
        var state = new ReturnState
        {
            Uid = Guid.Empty,
            Machine = Guid.Empty,
            MachineName = "sql-01",
            RecoveryHost = "dr-01",
            HomeHost = "main-01",
            CreateTime = Now,
            CreatedBy = "dr-lead",
            Plan = new ReturnPlan(),
        };
        var before = ReturnJson.Form.Write(state);
        before.ShouldNotContain("network");
        before.ShouldNotContain("address");

        var with = state with { Plan = new ReturnPlan { ExpectedAddresses = ["192.0.2.10"] }, Recovery = new SiteMemory { Network = new SeenNetwork(Now, [new SeenAdapter("1", "lan", Connected: true, ["192.0.2.10"])]) } };
        var read = ReturnJson.Form.Read(ReturnJson.Form.Write(with));
        read.Recovery.Network.ShouldBe(with.Recovery.Network);
        read.Plan.ExpectedAddresses.ShouldBe(["192.0.2.10"]);
    }

    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10")]
    [InlineData("2001:DB8::0010", "2001:db8::10")]
    [InlineData("192.0.2", null)]
    [InlineData("10", null)]
    [InlineData("169.254.3.4", null)]
    [InlineData("fe80::1", null)]
    [InlineData("2001:db8::1%3", null)]
    [InlineData("web.example", null)]
    public void Address_is_read_as_a_person_writes_it(string text, string? read) => GuestAddresses.Read(text).ShouldBe(read);

    private static (NetworkOutcome Outcome, string Text) Compared(ReturnPlan plan, SeenNetwork? seen, IReadOnlyList<MachineAdapter> shown) => new ExpectedNetwork(plan, seen).Compare(shown);

    private static SeenNetwork Seen(string addresses) => SeenNetwork.After(before: null, [Adapter("lan", "vSwitch", addresses), Adapter("spare", "", "")], Now)!;

    private static MachineAdapter Adapter(string name, string at, string addresses)
    {
        var adapter = new MachineAdapter { Id = $"id-{name}", Name = name, VirtualSwitch = at };
        adapter.GuestAddresses.Add(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return adapter;
    }
}
