using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>
/// Reads a machine's network adapters. An adapter is a <c>Msvm_SyntheticEthernetPortSettingData</c> or <c>Msvm_EmulatedEthernetPortSettingData</c>; its
/// connection is the <c>Msvm_EthernetPortAllocationSettingData</c> whose Parent is the adapter; the connection's features are associated by
/// <c>Msvm_EthernetPortSettingDataComponent</c>, an adapter's settings for a failover by <c>Msvm_EthernetPortFailoverSettingDataComponent</c> [doc], the last [code].
/// </summary>
internal sealed class HomeAdapterReader(ICimSession session)
{
    private const string Feature = "Msvm_EthernetSwitchPortFeatureSettingData";
    private static readonly string[] AdapterClasses = ["Msvm_SyntheticEthernetPortSettingData", "Msvm_EmulatedEthernetPortSettingData"];

    public async Task<IReadOnlyList<HomeAdapter>> ListAsync(CimObjectPath settings, UnreadFacts unread, CancellationToken cancellationToken)
    {
        var ports = new List<CimInstance>();
        foreach (var className in AdapterClasses)
        {
            ports.AddRange(await session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, className, cancellationToken));
        }

        var connections = await session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, "Msvm_EthernetPortAllocationSettingData", cancellationToken);
        var switches = VirtualSwitches.NamesByPath(await session.ListInstancesAsync(VirtualSwitches.ClassName, [], cancellationToken));
        var adapters = new List<HomeAdapter>();
        foreach (var port in ports)
        {
            if (port.GetString("InstanceID") is { } id)
            {
                adapters.Add(await ReadAsync(id, port, connections.FirstOrDefault(connection => VirtualSwitches.IsOf(connection, id)), switches, unread, cancellationToken));
            }
        }

        return [.. adapters.OrderBy(adapter => adapter.Id, StringComparer.OrdinalIgnoreCase)];
    }

    private async Task<HomeAdapter> ReadAsync(
        string id, CimInstance port, CimInstance? connection, VirtualSwitches switches, UnreadFacts unread, CancellationToken cancellationToken)
    {
        var features = connection?.Path is { } path
            ? await unread.TryAsync(HomeSubject.Adapters, () => session.ListAssociatorsAsync(path, "Msvm_EthernetPortSettingDataComponent", Feature, cancellationToken))
            : [];
        var failover = port.Path is { } own
            ? await unread.TryAsync(
                HomeSubject.FailoverAddresses, () => session.ListAssociatorsAsync(own, "Msvm_EthernetPortFailoverSettingDataComponent", "Msvm_FailoverNetworkAdapterSettingData", cancellationToken))
            : null;
        return new HomeAdapter
        {
            Id = id,
            Name = port.GetString("ElementName") ?? id,
            MacAddress = port.GetString("Address"),
            StaticMacAddress = port.GetBoolean("StaticMacAddress"),
            // A connection that is disabled (3) is not made.
            Switch = connection?.GetInteger("EnabledState") is 3 ? null : switches.NameOf(connection),
            Vlan = Of(features, AdapterVlan.ClassName).Select(AdapterVlan.Of).FirstOrDefault(text => text != AdapterVlan.Untagged),
            AccessControls = features is null ? null : Of(features, "Msvm_EthernetSwitchPortAclSettingData").Concat(Of(features, "Msvm_EthernetSwitchPortExtendedAclSettingData")).Count(),
            IovWeight = (int?)Of(features, "Msvm_EthernetSwitchPortOffloadSettingData").FirstOrDefault()?.GetInteger("IOVOffloadWeight"),
            RequiredFeatures = connection?["RequiredFeatureHints"] is string?[] hints ? [.. hints.OfType<string>()] : [],
            HasFailoverAddress = failover?.Any(one => one["IPAddresses"] is string?[] { Length: > 0 }),
        };
    }

    private static IEnumerable<CimInstance> Of(IReadOnlyList<CimInstance>? features, string className)
        => (features ?? []).Where(feature => string.Equals(feature.ClassName, className, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The host's switches; a connection names one by the path in its HostResource.</summary>
internal sealed class VirtualSwitches
{
    public const string ClassName = "Msvm_VirtualEthernetSwitch";

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    public static VirtualSwitches NamesByPath(IReadOnlyList<CimInstance> switches)
    {
        var all = new VirtualSwitches();
        foreach (var one in switches)
        {
            if (one.GetString("Name") is { } id)
            {
                all._names[id] = one.GetString("ElementName") ?? id;
            }
        }

        return all;
    }

    /// <summary>Whether a connection is an adapter's.</summary>
    public static bool IsOf(CimInstance connection, string adapter)
        => connection.GetString("Parent") is { } parent && CimObjectPath.TryParse(parent, out var path)
            && path.Keys.TryGetValue("InstanceID", out var key) && string.Equals(key as string, adapter, StringComparison.OrdinalIgnoreCase);

    public string? NameOf(CimInstance? connection)
        => connection?["HostResource"] is string?[] and [{ Length: > 0 } resource, ..] && CimObjectPath.TryParse(resource, out var path)
            && path.Keys.TryGetValue("Name", out var id) && id is string name ? _names.GetValueOrDefault(name) : null;
}
