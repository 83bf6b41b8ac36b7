using System.Net;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Failover;
using FailoverAddresses = HostAgent.Contracts.Failback.V1.FailoverAddresses;
using MachineAdapter = HostAgent.Contracts.Failback.V1.MachineAdapter;

namespace HostAgent.Coordinator.Returns;

/// <summary>What an adapter is to get at home.</summary>
/// <param name="Id">Its key, which both hosts share.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Switch">The switch that it is connected to.</param>
/// <param name="Addresses">What its guest gets there; null when it keeps its addresses.</param>
internal sealed record WantedAdapter(string Id, string Name, string Switch, FailoverAddresses? Addresses);

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
            if (obstacle is not null)
            {
                return new HomeNetwork([], obstacle);
            }

            wanted.Add(new WantedAdapter(adapter.Id, adapter.Name, rule.To, addresses));
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

        var others = pairs.Where(pair => pair.Wanted.Addresses is { } addresses && !addresses.Equals(pair.Shown!.AfterFailover))
            .Select(pair => new FailoverAdapter { NetworkAdapter = pair.Wanted.Id, Addresses = pair.Wanted.Addresses }).ToList();
        return others.Count == 0 ? null : (new StartOperationRequest { Kind = OperationKind.SetFailoverNetwork, FailoverAdapters = { others } }, null);
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
