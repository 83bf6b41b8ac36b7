using System.Net;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using FailoverAddresses = HostAgent.Contracts.Failback.V1.FailoverAddresses;
using MachineAdapter = HostAgent.Contracts.Failback.V1.MachineAdapter;

namespace HostAgent.Coordinator.Returns;

/// <summary>What an adapter is to get at home.</summary>
/// <param name="Id">Its key, which both hosts share.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Switch">The switch that it is connected to.</param>
/// <param name="Addresses">What its guest gets there; null when it keeps its addresses.</param>
internal sealed record WantedAdapter(string Id, string Name, string Switch, FailoverAddresses? Addresses)
{
    /// <summary>The id of the VLAN of its connection, 0 for untagged; null when it keeps its own.</summary>
    public int? VlanId { get; init; }

    /// <summary>That VLAN in the agents' words.</summary>
    public string? Vlan => VlanId is { } id ? AdapterVlan.Access(id) : null;

    /// <summary>Its static MAC address; null when it keeps its own.</summary>
    public string? Mac { get; init; }

    /// <summary>How it is otherwise than it should be, in words that begin with a small letter; null when it is as it should be. Addresses are the guest's and not looked at.</summary>
    public string? DifferenceOf(MachineAdapter shown)
    {
        var (what, wanted, has) = !string.Equals(shown.VirtualSwitch, Switch, StringComparison.OrdinalIgnoreCase) ? ("switch", Switch, shown.VirtualSwitch)
            : Vlan is { } vlan && shown.Vlan != vlan ? ("VLAN", vlan, shown.Vlan)
            : Mac is { } mac && !HasMac(shown) ? ("static MAC address", mac, shown.StaticMacAddress ? shown.MacAddress : $"the dynamic one {shown.MacAddress}")
            : ("", "", "");
        return what.Length == 0 ? null : $"adapter '{Texts.VisibleText.Line(Name)}' should have the {what} {wanted}, as its campaign says, and has {(has.Length == 0 ? "none" : Texts.VisibleText.Line(has))}";
    }

    /// <summary>Whether an adapter has the static MAC address that this one should have.</summary>
    public bool HasMac(MachineAdapter shown) => shown.StaticMacAddress && string.Equals(shown.MacAddress, Mac, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The network of a machine at home, by the rules of its campaign and by what its adapters have at the recovery site.</summary>
/// <param name="Adapters">The adapters that the rules are about.</param>
/// <param name="Obstacle">Why it cannot be told; null when it can.</param>
internal sealed record HomeNetwork(IReadOnlyList<WantedAdapter> Adapters, string? Obstacle)
{
    // The agents' own limits.
    private const int MostAddresses = 16;
    private const int MostGateways = 5;

    /// <summary>Nothing is asked for.</summary>
    public static HomeNetwork None { get; } = new([], Obstacle: null);

    /// <summary>
    /// Applies the rules of a return's campaign. On the way home of a planned drill VLANs and MAC addresses are left as they are: the way there has not touched those of home.
    /// </summary>
    public static HomeNetwork Of(ReturnState state) => Of(
        state.Drill is { IsWayBack: true } ? state.Plan.Networks?.Select(rule => rule with { Vlan = null, KeepMac = false }).ToList() : state.Plan.Networks, state.Recovery.Network);

    /// <summary>The adapters whose VLAN may differ between the sites: it is set where the machine goes, or was set where it comes from.</summary>
    public static IReadOnlyList<string> PlannedVlans(ReturnState state)
        => [.. (state.Recovery.Network?.Adapters ?? []).Where(adapter => (state.Plan.Networks ?? []).Any(rule => rule.Vlan is not null
            && string.Equals(state.Drill is { IsWayBack: true } ? rule.To : rule.From, adapter.Switch, StringComparison.OrdinalIgnoreCase))).Select(adapter => adapter.Id)];

    /// <summary>Applies the rules.</summary>
    /// <param name="rules">The rules; null for none.</param>
    /// <param name="seen">The adapters at the recovery site; null when they were never seen.</param>
    public static HomeNetwork Of(IReadOnlyList<NetworkSpec>? rules, SeenNetwork? seen)
    {
        if (rules is null)
        {
            return None;
        }

        if (seen is null)
        {
            return new HomeNetwork([], "What networks the machine has at the recovery site is not known: it was not seen running there by an agent that tells");
        }

        var wanted = new List<WantedAdapter>();
        foreach (var adapter in seen.Adapters)
        {
            if (rules.FirstOrDefault(rule => string.Equals(rule.From, adapter.Switch, StringComparison.OrdinalIgnoreCase)) is not { } rule)
            {
                continue;
            }

            var (addresses, obstacle) = AddressesOf(rule, adapter);
            if (rule.KeepMac && adapter.StaticMac is null)
            {
                obstacle ??= $"The MAC address of adapter {Quoted(adapter.Name)} at the recovery site is not known, and is to be kept: the agent there is older than this coordinator";
            }

            if (obstacle is not null)
            {
                return new HomeNetwork([], obstacle);
            }

            wanted.Add(new WantedAdapter(adapter.Id, adapter.Name, rule.To, addresses)
            {
                VlanId = rule.Vlan,
                Mac = rule.KeepMac && adapter.StaticMac!.Length > 0 ? adapter.StaticMac : null,
            });
        }

        return new HomeNetwork(wanted, Obstacle: null);
    }

    /// <summary>What is to be done next at home; null when its adapters are as they should be.</summary>
    /// <param name="shown">The adapters as home shows them.</param>
    /// <returns>The operation, with its own fields filled in; or why there is none that would do.</returns>
    public (StartOperationRequest? Operation, string? Obstacle)? Next(IReadOnlyList<MachineAdapter> shown)
    {
        if (Obstacle is not null)
        {
            return (null, Obstacle);
        }

        var pairs = Adapters.Select(wanted => (Wanted: wanted, Shown: shown.FirstOrDefault(adapter => SeenNetwork.IsSame(adapter.Id, wanted.Id)))).ToList();
        if (pairs.Find(pair => pair.Shown is null).Wanted is { } missing)
        {
            return (null, $"Adapter {Quoted(missing.Name)} of the recovery site is missing at home");
        }

        if (pairs.Find(pair => !string.Equals(pair.Shown!.VirtualSwitch, pair.Wanted.Switch, StringComparison.OrdinalIgnoreCase)).Wanted is { } elsewhere)
        {
            return (new StartOperationRequest { Kind = OperationKind.ConnectNetwork, NetworkAdapter = elsewhere.Id, VirtualSwitch = elsewhere.Switch }, null);
        }

        if (pairs.Find(pair => pair.Wanted.Vlan is { } vlan && pair.Shown!.Vlan != vlan).Wanted is { } tagged)
        {
            return (new StartOperationRequest { Kind = OperationKind.SetAdapterVlan, NetworkAdapter = tagged.Id, AccessVlan = (uint)tagged.VlanId! }, null);
        }

        if (pairs.Find(pair => pair.Wanted.Mac is not null && !pair.Wanted.HasMac(pair.Shown!)).Wanted is { } addressed)
        {
            return (new StartOperationRequest { Kind = OperationKind.SetAdapterMac, NetworkAdapter = addressed.Id, MacAddress = addressed.Mac }, null);
        }

        var others = pairs.Where(pair => pair.Wanted.Addresses is { } addresses && !addresses.Equals(pair.Shown!.AfterFailover))
            .Select(pair => new FailoverAdapter { NetworkAdapter = pair.Wanted.Id, Addresses = pair.Wanted.Addresses }).ToList();
        return others.Count == 0 ? null : (new StartOperationRequest { Kind = OperationKind.SetFailoverNetwork, FailoverAdapters = { others } }, null);
    }

    /// <summary>What an operation of <see cref="Next"/> does, as a sentence.</summary>
    public string InWords(StartOperationRequest operation)
    {
        var names = Adapters.Where(wanted => wanted.Id == operation.NetworkAdapter || operation.FailoverAdapters.Any(one => one.NetworkAdapter == wanted.Id)).Select(wanted => Quoted(wanted.Name)).ToList();
        return operation.Kind switch
        {
            OperationKind.ConnectNetwork => $"Adapter {names[0]} is at switch {operation.VirtualSwitch}.",
            OperationKind.SetAdapterVlan => $"Adapter {names[0]} has the VLAN {AdapterVlan.Access((int)operation.AccessVlan)}.",
            OperationKind.SetAdapterMac => $"Adapter {names[0]} has the static MAC address {operation.MacAddress}.",
            _ => $"The guest gets its addresses on {(names.Count == 1 ? "adapter" : "adapters")} {string.Join(", ", names)}.",
        };
    }

    /// <summary>The adapters as they are to be at home, once their guest has come up there.</summary>
    /// <param name="seen">The adapters at the recovery site.</param>
    public SeenNetwork? Expected(SeenNetwork? seen) => seen is null || Adapters.Count == 0
        ? seen
        : seen with
        {
            Adapters = [.. seen.Adapters.Select(adapter => Adapters.FirstOrDefault(wanted => SeenNetwork.IsSame(wanted.Id, adapter.Id)) is { Addresses: { } addresses }
                ? adapter with { Addresses = [.. addresses.Addresses.Select(address => address[..address.IndexOf('/', StringComparison.Ordinal)])] }
                : adapter)],
        };

    private static (FailoverAddresses? Addresses, string? Obstacle) AddressesOf(NetworkSpec rule, SeenAdapter adapter)
    {
        if (rule.Dhcp)
        {
            return (new FailoverAddresses { Dhcp = true }, null);
        }

        if (rule.Subnets.Count == 0)
        {
            return (null, null);
        }

        if (adapter.Addresses.Count == 0)
        {
            return (null, $"The guest tells no address of adapter {Quoted(adapter.Name)} at the recovery site, so it cannot be told which one it gets at home");
        }

        var wanted = new FailoverAddresses();
        foreach (var address in adapter.Addresses.Select(IPAddress.Parse))
        {
            if (rule.Subnets.FirstOrDefault(subnet => IPNetwork.Parse(subnet.From).Contains(address)) is not { } subnet)
            {
                return (null, $"Adapter {Quoted(adapter.Name)} has {address}, which is in no subnet of the rule for switch {rule.From}");
            }

            var home = IPNetwork.Parse(subnet.To);
            wanted.Addresses.Add(new IPNetworkAddress(Moved(address, home), home.PrefixLength).ToString());
            if (subnet.Gateway.Length > 0 && !wanted.Gateways.Contains(subnet.Gateway))
            {
                wanted.Gateways.Add(subnet.Gateway);
            }

            wanted.DnsServers.Add(subnet.DnsServers.Where(server => !wanted.DnsServers.Contains(server)));
        }

        return wanted.Addresses.Count > MostAddresses || wanted.Gateways.Count > MostGateways || wanted.DnsServers.Count > MostAddresses
            ? (null, $"Adapter {Quoted(adapter.Name)} would get more than {MostAddresses} addresses, {MostGateways} gateways or {MostAddresses} DNS servers, which Hyper-V does not take")
            : (wanted, null);
    }

    private static IPAddress Moved(IPAddress address, IPNetwork home)
    {
        var (own, moved) = (address.GetAddressBytes(), home.BaseAddress.GetAddressBytes());
        for (var bit = home.PrefixLength; bit < own.Length * 8; bit++)
        {
            moved[bit / 8] |= (byte)(own[bit / 8] & (0x80 >> (bit % 8)));
        }

        return new IPAddress(moved);
    }

    private static string Quoted(string name) => $"'{Texts.VisibleText.Line(name)}'";
}
