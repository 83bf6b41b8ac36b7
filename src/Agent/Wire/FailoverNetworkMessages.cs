using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Texts;
using Domain = HostAgent.HyperV.Failover;

namespace HostAgent.Agent.Wire;

/// <summary>Reads and writes what guests get on their adapters after a failover.</summary>
internal static class FailoverNetworkMessages
{
    private const int MostAdapters = 64;
    private const int MostAddresses = 16;
    private const int MostGateways = 5;
    private const int MostDnsServers = 16;
    private const int LongestAdapter = 512;

    /// <summary>Writes what is set on an adapter.</summary>
    public static FailoverAddresses Of(Domain.FailoverAddresses set)
    {
        var message = new FailoverAddresses { Dhcp = set.Dhcp };
        message.Addresses.Add(set.Addresses.Select(address => address.ToString()));
        message.Gateways.Add(set.Gateways.Select(address => address.ToString()));
        message.DnsServers.Add(set.DnsServers.Select(address => address.ToString()));
        return message;
    }

    /// <summary>Reads the adapters of a request, with every error.</summary>
    public static IReadOnlyList<(string Adapter, Domain.FailoverAddresses Addresses)> Read(IReadOnlyList<FailoverAdapter> adapters, FieldErrors errors)
    {
        var read = new List<(string, Domain.FailoverAddresses)>();
        foreach (var (index, adapter) in adapters.Take(MostAdapters).Index())
        {
            var field = FormattableString.Invariant($"failover_adapters[{index}]");
            if (adapter.NetworkAdapter.Length is 0 or > LongestAdapter)
            {
                errors.Add($"{field}.network_adapter", $"has {adapter.NetworkAdapter.Length} characters; it must have 1 to {LongestAdapter}");
            }
            else if (adapters.Take(index).Any(other => string.Equals(other.NetworkAdapter, adapter.NetworkAdapter, StringComparison.OrdinalIgnoreCase)))
            {
                errors.Add($"{field}.network_adapter", $"'{VisibleText.Shortened(adapter.NetworkAdapter)}' is named before; each adapter may be named once");
            }

            read.Add((adapter.NetworkAdapter, Read($"{field}.addresses", adapter.Addresses ?? new FailoverAddresses(), errors)));
        }

        return read;
    }

    /// <summary>Checks how many adapters a request names.</summary>
    /// <param name="count">The adapters.</param>
    /// <param name="required">Whether there must be one.</param>
    /// <param name="errors">Receives the error.</param>
    public static void CheckCount(int count, bool required, FieldErrors errors)
    {
        if ((required && count == 0) || count > MostAdapters)
        {
            errors.Add("failover_adapters", $"has {count} adapters; it must have 1 to {MostAdapters}");
        }
    }

    private static Domain.FailoverAddresses Read(string field, FailoverAddresses given, FieldErrors errors)
    {
        AtMost(field, "addresses", given.Addresses.Count, MostAddresses, errors);
        AtMost(field, "gateways", given.Gateways.Count, MostGateways, errors);
        AtMost(field, "dns_servers", given.DnsServers.Count, MostDnsServers, errors);
        if (given.Dhcp && given.Addresses.Count + given.Gateways.Count + given.DnsServers.Count > 0)
        {
            errors.Add(field, $"has dhcp and {given.Addresses.Count} addresses, {given.Gateways.Count} gateways and {given.DnsServers.Count} dns_servers; with dhcp the lists must be empty");
        }

        if (!given.Dhcp && given.Addresses.Count == 0)
        {
            errors.Add(field, "has neither dhcp nor an address; it must have one of them");
        }

        var addresses = new List<Domain.IPNetworkAddress>();
        foreach (var (index, text) in given.Addresses.Take(MostAddresses).Index())
        {
            if (ReadNetworkAddress(text) is not { } address)
            {
                errors.Add(FormattableString.Invariant($"{field}.addresses[{index}]"), $"'{VisibleText.Shortened(text)}' is not an address of a guest with its prefix; it must be one such as 10.1.0.7/24 or fd00:1::7/64, not unspecified, loopback or multicast");
            }
            else if (addresses.Any(other => other.Address.Equals(address.Address)))
            {
                errors.Add(FormattableString.Invariant($"{field}.addresses[{index}]"), $"'{VisibleText.Shortened(text)}' is there before; each address may be there once");
            }
            else
            {
                addresses.Add(address);
            }
        }

        var gateways = ReadAll($"{field}.gateways", given.Gateways.Take(MostGateways), errors);
        foreach (var gateway in gateways.Where(gateway => addresses.Count > 0 && addresses.All(address => address.Address.AddressFamily != gateway.AddressFamily)))
        {
            errors.Add($"{field}.gateways", $"has '{gateway}', and no address is of its family; each gateway must be of the family of an address");
        }

        return given.Dhcp ? Domain.FailoverAddresses.ByDhcp : new Domain.FailoverAddresses(Dhcp: false, addresses, gateways, ReadAll($"{field}.dns_servers", given.DnsServers.Take(MostDnsServers), errors));
    }

    private static List<IPAddress> ReadAll(string field, IEnumerable<string> texts, FieldErrors errors)
    {
        var read = new List<IPAddress>();
        foreach (var (index, text) in texts.Index())
        {
            if (ReadAddress(text) is { } address)
            {
                read.Add(address);
            }
            else
            {
                errors.Add(FormattableString.Invariant($"{field}[{index}]"), $"'{VisibleText.Shortened(text)}' is not an address; it must be one such as 10.1.0.1 or fd00:1::1, not unspecified, loopback or multicast");
            }
        }

        return read;
    }

    private static void AtMost(string field, string list, int count, int most, FieldErrors errors)
    {
        if (count > most)
        {
            errors.Add($"{field}.{list}", $"has {count} elements; it must have at most {most}");
        }
    }

    private static Domain.IPNetworkAddress? ReadNetworkAddress(string text)
        => text.Split('/') is [var address, var prefix] && ReadAddress(address) is { } read
            && int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length >= 1 && length <= (read.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
                ? new Domain.IPNetworkAddress(read, length)
                : null;

    // A parser takes 10 for 0.0.0.10: only an address that is written out in full is meant.
    private static IPAddress? ReadAddress(string text)
        => IPAddress.TryParse(text, out var address) && !text.Contains('%', StringComparison.Ordinal)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('[', StringComparison.Ordinal) : address.ToString() == text)
            && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6
            && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes()[0] >= 224)
                ? address
                : null;
}
