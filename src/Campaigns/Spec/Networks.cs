using System.Globalization;
using System.Net;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>What adapters that are at one switch at the recovery site get at home. Adapters at other switches keep what they have.</summary>
/// <param name="From">The switch at the recovery site.</param>
/// <param name="To">The switch at home.</param>
public sealed record NetworkSpec(string From, string To)
{
    /// <summary>Whether their guests ask a DHCP server at home.</summary>
    public bool Dhcp { get; init; }

    /// <summary>Which subnet becomes which, for guests with addresses of their own; empty when these are the same at home.</summary>
    public IReadOnlyList<SubnetSpec> Subnets { get; init; } = [];

    /// <summary>Their VLAN in access mode, 1 to 4094; 0 for untagged, null when they keep what they have at home.</summary>
    public int? Vlan { get; init; }

    /// <summary>Whether they get the static MAC addresses that they have at the recovery site. A dynamic one is drawn by its host.</summary>
    public bool KeepMac { get; init; }

    /// <summary>What the adapters get, as a sentence for a person.</summary>
    /// <param name="isDrill">Whether it is the rule of a planned drill.</param>
    public string Describe(bool isDrill)
    {
        List<string> parts =
        [
            .. Vlan is { } vlan ? [vlan == 0 ? "no VLAN" : string.Create(CultureInfo.InvariantCulture, $"VLAN {vlan}")] : (string[])[],
            .. KeepMac ? ["the static MAC addresses that they have now; a dynamic one is drawn by its host"] : (string[])[],
            .. Dhcp ? ["an address by DHCP"] : (string[])[],
            .. Subnets.Select(subnet =>
                $"for addresses in {subnet.From} the same place in {subnet.To}, with {(subnet.Gateway.Length == 0 ? "no gateway" : $"the gateway {subnet.Gateway}")} and {(subnet.DnsServers.Count == 0 ? "no DNS server" : $"DNS {string.Join(", ", subnet.DnsServers)}")}"),
        ];
        var there = isDrill && (Vlan is not null || KeepMac) ? " VLANs and MAC addresses are set on the way there only." : "";
        return $"Adapters at switch {From} are connected to {To} {(isDrill ? "where they go to" : "at home")}{(parts.Count == 0 ? "" : $" and get {string.Join("; ", parts)}")}. What is not named stays as that host has it.{there}";
    }
}

/// <summary>A subnet of the recovery site and the one of the same size that it becomes at home: an address keeps its place in it.</summary>
/// <param name="From">The subnet at the recovery site, such as 10.20.0.0/16.</param>
/// <param name="To">The subnet at home.</param>
public sealed record SubnetSpec(string From, string To)
{
    /// <summary>The default gateway at home, an address of <see cref="To"/>; empty for none.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>The DNS servers at home.</summary>
    public IReadOnlyList<string> DnsServers { get; init; } = [];
}

/// <summary>The <c>networks</c> of the strategy.</summary>
internal static class NetworkReader
{
    private const int MostSwitches = 64;
    private const int MostSubnets = 64;
    private const int MostDnsServers = 16;
    private const int LongestSwitch = 256;
    private const int HighestVlan = 4094;
    private const int Untagged = 0;

    /// <summary>Reads them; null when there are none.</summary>
    public static IReadOnlyList<NetworkSpec>? Read(Field field)
    {
        var switches = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var rules = field.List(item => item.Mapping(network => Read(network, switches), "network"), minimum: 1, MostSwitches);
        return rules.Count == 0 ? null : rules;
    }

    private static NetworkSpec Read(MappingReader network, HashSet<string> switches)
    {
        network.Describe("What adapters that are at one switch at the recovery site get at home.");
        var fromField = network.Required("from", "a switch of the recovery site").Described("The switch that the adapters are at at the recovery site.");
        var from = fromField.Name(1, LongestSwitch);
        if (from is not null && !switches.Add(from))
        {
            fromField.Reject("a switch that no other rule has");
        }

        var dhcpField = network.Optional("dhcp").Described("Whether their guests ask a DHCP server at home.");
        var dhcp = dhcpField.Boolean(fallback: false);
        var taken = new List<IPNetwork>();
        var subnets = network.Optional("subnets").Described("Which subnet becomes which, for guests with addresses of their own.")
            .List(item => item.Mapping(subnet => Read(subnet, taken), "subnet"), maximum: MostSubnets);
        if (dhcp && subnets.Count > 0)
        {
            dhcpField.Reject("dhcp or subnets", $"{dhcpField.Path} cannot be used with subnets: a guest asks a DHCP server, or has addresses of its own.");
        }

        return new NetworkSpec(from ?? "", network.Required("to", "a switch of home").Described("The switch that they are connected to at home.").Name(1, LongestSwitch) ?? "")
        {
            Dhcp = dhcp,
            Subnets = subnets,
            Vlan = network.Optional("vlan").Described("Their VLAN in access mode at home, or untagged. They keep what they have there by default.").IntegerOr(1, HighestVlan, "untagged", Untagged),
            KeepMac = network.Optional("mac").Described("With keep they get the static MAC addresses at home that they have at the recovery site; dynamic ones are drawn by their host.").Choice("keep") is not null,
        };
    }

    private static SubnetSpec Read(MappingReader subnet, List<IPNetwork> taken)
    {
        var fromField = subnet.Required("from", "a subnet, such as 10.20.0.0/16").Described("The subnet at the recovery site, such as 10.20.0.0/16.");
        var toField = subnet.Required("to", "a subnet, such as 10.10.0.0/16").Described("The subnet of the same size that it becomes at home. An address keeps its place in it.");
        var (from, to) = (Subnet(fromField), Subnet(toField));
        if (from is { } own)
        {
            if (taken.Exists(other => other.Contains(own.BaseAddress) || own.Contains(other.BaseAddress)))
            {
                fromField.Reject("a subnet that overlaps no other one of its switch");
            }

            taken.Add(own);
        }

        if (from is { } one && to is { } target && (one.PrefixLength, one.BaseAddress.AddressFamily) != (target.PrefixLength, target.BaseAddress.AddressFamily))
        {
            toField.Reject($"a subnet of the same size as {one}");
        }

        var gatewayField = subnet.Optional("gateway").Described("The default gateway at home, an address of the subnet there. None by default.");
        var gateway = Address(gatewayField);
        if (gateway is not null && to is { } home && !home.Contains(gateway))
        {
            gatewayField.Reject($"an address of {home}");
        }

        return new SubnetSpec(from?.ToString() ?? "", to?.ToString() ?? "")
        {
            Gateway = gateway?.ToString() ?? "",
            DnsServers = [.. subnet.Optional("dns").Described("The DNS servers at home.").List(Address, maximum: MostDnsServers).Select(address => address.ToString())],
        };
    }

    private static IPNetwork? Subnet(Field field)
    {
        if (field.Text(1, 64) is not { } text)
        {
            return null;
        }

        // Host bits that are set would be a slip of the pen.
        if (IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 && network.ToString() == text)
        {
            return network;
        }

        field.Reject("a subnet in its usual form, such as 10.20.0.0/16 or fd00:20::/64");
        return null;
    }

    private static IPAddress? Address(Field field)
    {
        if (field.Text(1, 64) is not { } text)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address) && address.ToString() == text && address is { IsIPv4MappedToIPv6: false } && !text.Contains('%', StringComparison.Ordinal))
        {
            return address;
        }

        field.Reject("an IP address in its usual form, such as 10.10.0.1 or fd00:10::1");
        return null;
    }
}
