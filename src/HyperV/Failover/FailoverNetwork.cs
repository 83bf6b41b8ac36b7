using System.Net;
using System.Net.Sockets;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>What a guest gets on an adapter when its machine starts after a failover. Two are equal when they say the same.</summary>
/// <param name="Dhcp">Whether the guest asks a DHCP server; the lists are then empty.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="Gateways">Its default gateways; at most five [doc].</param>
/// <param name="DnsServers">Its DNS servers.</param>
public sealed record FailoverAddresses(bool Dhcp, IReadOnlyList<IPNetworkAddress> Addresses, IReadOnlyList<IPAddress> Gateways, IReadOnlyList<IPAddress> DnsServers)
{
    /// <summary>The guest asks a DHCP server.</summary>
    public static FailoverAddresses ByDhcp { get; } = new(Dhcp: true, [], [], []);

    /// <inheritdoc/>
    public bool Equals(FailoverAddresses? other) => other is not null && Dhcp == other.Dhcp
        && Addresses.SequenceEqual(other.Addresses) && Gateways.SequenceEqual(other.Gateways) && DnsServers.SequenceEqual(other.DnsServers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dhcp, Addresses.Count, Gateways.Count, DnsServers.Count);

    /// <inheritdoc/>
    public override string ToString() => Dhcp ? "DHCP"
        : $"{string.Join(", ", Addresses)}{(Gateways.Count > 0 ? $" by {string.Join(", ", Gateways)}" : "")}{(DnsServers.Count > 0 ? $", DNS {string.Join(", ", DnsServers)}" : "")}";
}

/// <summary>An address in its network, written 10.0.0.7/24 or fd00::7/64.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">How many of its bits name the network.</param>
public sealed record IPNetworkAddress(IPAddress Address, int PrefixLength)
{
    /// <summary>Whether it is one of IPv4.</summary>
    public bool IsIPv4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>As <c>Msvm_FailoverNetworkAdapterSettingData.Subnets</c> has it: a mask for IPv4 [doc], the length for IPv6 [inferred].</summary>
    internal string Subnet => IsIPv4 ? new IPAddress(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(PrefixLength == 0 ? 0 : -1 << (32 - PrefixLength)))).ToString() : FormattableString.Invariant($"{PrefixLength}");

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Address}/{PrefixLength}");

    /// <summary>Reads an address and its subnet as a host shows them; null when they are none.</summary>
    internal static IPNetworkAddress? Of(string? address, string? subnet)
        => !IPAddress.TryParse(address, out var parsed) ? null
            : int.TryParse(subnet, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var length) ? new IPNetworkAddress(parsed, length)
            : IPAddress.TryParse(subnet, out var mask) && mask.AddressFamily == AddressFamily.InterNetwork
                ? new IPNetworkAddress(parsed, System.Numerics.BitOperations.PopCount((uint)BitConverter.ToInt32(mask.GetAddressBytes())))
                : new IPNetworkAddress(parsed, 0);
}

/// <summary>
/// Sets what guests get on their adapters after a failover. A <c>Msvm_FailoverNetworkAdapterSettingData</c> belongs to each synthetic adapter, by
/// <c>Msvm_EthernetPortFailoverSettingDataComponent</c> [code]; the guest takes it at its start after the failover, through its integration services [doc].
/// </summary>
/// <param name="session">Hyper-V's namespace; its owner disposes it.</param>
public sealed class FailoverNetworkCalls(ICimSession session)
{
    private const string SettingsClass = "Msvm_FailoverNetworkAdapterSettingData";
    private const string Component = "Msvm_EthernetPortFailoverSettingDataComponent";
    private const ushort NothingSet = 0;
    private const ushort IPv4 = 4096;
    private const ushort IPv6 = 4097;
    private const ushort Both = 4098;

    private readonly NetworkCalls _adapters = new(session);
    private readonly ReplicationServiceCaller _service = new(session);

    /// <summary><c>Msvm_ReplicationService.SetFailoverNetworkAdapterSettings</c>, once for all named adapters. The others keep what they have. Again, it changes nothing.</summary>
    /// <param name="id">The machine; a replica.</param>
    /// <param name="wanted">The adapters by InstanceID, or by name where that is unique, with what the guest gets on each.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="NetworkTargetException">There is no such adapter, or more than one, or it takes no such settings.</exception>
    /// <exception cref="ReplicationServiceMissingException">The host has no replication service; no call was made.</exception>
    public async Task<ServiceAnswer?> SetAsync(VirtualMachineId id, IReadOnlyList<(string Adapter, FailoverAddresses Addresses)> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (await _adapters.ListPortsAsync(id, cancellationToken) is not { } ports)
        {
            return null;
        }

        var texts = new Dictionary<string, string>();
        foreach (var (adapter, addresses) in wanted)
        {
            var instanceId = NetworkCalls.Find(adapter, [.. ports.Select(port => (port.Id, port.Name))]);
            if (texts.ContainsKey(instanceId))
            {
                throw new NetworkTargetException($"Network adapter '{adapter}' ({instanceId}) is named twice, by its name and by its InstanceID.");
            }

            var settings = await FindAsync(ports.First(port => port.Id == instanceId).Path, cancellationToken)
                ?? throw new NetworkTargetException($"Network adapter '{adapter}' takes no settings for a failover: only synthetic adapters do.");
            texts[instanceId] = CimXmlText.Write(With(settings, addresses));
        }

        return await _service.CallAsync("SetFailoverNetworkAdapterSettings", id, new() { ["NetworkSettings"] = texts.Values.ToArray() }, cancellationToken);
    }

    /// <summary>Reads what is set on one adapter; null when nothing is, or it takes no such settings.</summary>
    /// <param name="adapter">The adapter's path.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    public async Task<FailoverAddresses?> ReadAsync(CimObjectPath adapter, CancellationToken cancellationToken)
        => await FindAsync(adapter, cancellationToken) is { } settings ? Of(settings) : null;

    private static FailoverAddresses? Of(CimInstance settings)
    {
        var (addresses, subnets) = (Texts(settings, "IPAddresses"), Texts(settings, "Subnets"));
        return addresses.Count == 0 && settings.GetInteger("ProtocolIFType") is null or NothingSet ? null
            : addresses.Count == 0 && settings.GetBoolean("DHCPEnabled") == true ? FailoverAddresses.ByDhcp
            : new FailoverAddresses(
                settings.GetBoolean("DHCPEnabled") ?? false,
                [.. addresses.Select((address, index) => IPNetworkAddress.Of(address, subnets.ElementAtOrDefault(index))).OfType<IPNetworkAddress>()],
                [.. Parsed(Texts(settings, "DefaultGateways"))],
                [.. Parsed(Texts(settings, "DNSServers"))]);
    }

    // The complete instance, as Hyper-V's own clients send it.
    private static CimInstance With(CimInstance settings, FailoverAddresses addresses)
    {
        var properties = settings.Properties.ToDictionary(one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        properties["ProtocolIFType"] = (addresses.Addresses.Any(one => one.IsIPv4), addresses.Addresses.Any(one => !one.IsIPv4)) switch
        {
            (true, false) => IPv4,
            (false, true) => IPv6,
            _ => Both,
        };
        properties["DHCPEnabled"] = addresses.Dhcp;
        properties["IPAddresses"] = addresses.Addresses.Select(one => one.Address.ToString()).ToArray();
        properties["Subnets"] = addresses.Addresses.Select(one => one.Subnet).ToArray();
        properties["DefaultGateways"] = addresses.Gateways.Select(one => one.ToString()).ToArray();
        properties["DNSServers"] = addresses.DnsServers.Select(one => one.ToString()).ToArray();
        return new CimInstance(path: null, settings.ClassName, properties);
    }

    private static List<string> Texts(CimInstance settings, string property) => settings[property] is string?[] texts ? [.. texts.OfType<string>().Where(text => text.Length > 0)] : [];

    private static IEnumerable<IPAddress> Parsed(IEnumerable<string> texts) => texts.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>();

    private async Task<CimInstance?> FindAsync(CimObjectPath adapter, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ListAssociatorsAsync(adapter, Component, SettingsClass, cancellationToken) is [var settings, ..] ? settings : null;
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            // An adapter that has gone meanwhile, or a host without the class, has none.
            return null;
        }
    }
}
