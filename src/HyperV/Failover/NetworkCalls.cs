using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>A network adapter of a machine.</summary>
/// <param name="Id">Its InstanceID.</param>
/// <param name="Name">Its display name; not unique.</param>
/// <param name="Switch">The switch that it is connected to; null when it is not connected.</param>
/// <param name="GuestAddresses">The addresses that the guest tells; empty when it tells none, which it does only while it runs.</param>
/// <param name="AfterFailover">What its guest gets when it starts after a failover; null when nothing is set.</param>
public sealed record MachineAdapter(string Id, string Name, string? Switch, IReadOnlyList<string> GuestAddresses, FailoverAddresses? AfterFailover)
{
    /// <summary>The VLAN of its connection, in the words of <see cref="AdapterVlan"/>; null when the host does not tell.</summary>
    public string? Vlan { get; init; }

    /// <summary>Its MAC address, as <see cref="AdapterMac"/> has it; null when the host does not tell, and for a dynamic one that was not drawn yet.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Whether its MAC address is a static one; null when the host does not tell.</summary>
    public bool? HasStaticMac { get; init; }
}

/// <summary>What a virtual switch connects. The numbers are those of the contract.</summary>
public enum SwitchKind
{
    /// <summary>It is not known.</summary>
    Unspecified = 0,

    /// <summary>Machines of the host only.</summary>
    Private = 1,

    /// <summary>Machines and the host itself.</summary>
    Internal = 2,

    /// <summary>A network adapter of the host too.</summary>
    External = 3,
}

/// <summary>A virtual switch of the host.</summary>
/// <param name="Name">Its name as the host writes it, or as it was asked for when the host does not have it.</param>
/// <param name="Kind">What it connects.</param>
/// <param name="Observed">What was seen, for a person.</param>
public sealed record HostSwitch(string Name, SwitchKind Kind, string Observed);

/// <summary>An adapter or a switch is not there, or a name means several; no call was made.</summary>
/// <param name="message">What was looked for and what there is.</param>
public sealed class NetworkTargetException(string message) : Exception(message);

/// <summary>
/// Connects a machine's network adapters. The connection is the <c>Msvm_EthernetPortAllocationSettingData</c> whose Parent is the adapter; its HostResource names
/// the switch, and EnabledState 3 is a connection that is not made [doc].
/// </summary>
/// <param name="session">Hyper-V's namespace; its owner disposes it.</param>
public sealed class NetworkCalls(ICimSession session)
{
    private const string ConnectionClass = "Msvm_EthernetPortAllocationSettingData";
    private static readonly string[] AdapterClasses = ["Msvm_SyntheticEthernetPortSettingData", "Msvm_EmulatedEthernetPortSettingData"];

    private readonly SystemManagement _management = new(session);

    /// <summary>Lists a machine's adapters by their ids. Five calls, and three for each adapter.</summary>
    /// <returns>The adapters; none when the host does not have the machine.</returns>
    public async Task<IReadOnlyList<MachineAdapter>> ListAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        var (ports, connections) = await ReadAsync(id, cancellationToken);
        var switches = VirtualSwitches.NamesByPath(await session.ListInstancesAsync(VirtualSwitches.ClassName, [], cancellationToken));
        var (adapters, failover, vlans) = (new List<MachineAdapter>(), new FailoverNetworkCalls(session), new AdapterPortCalls(session));
        foreach (var (instanceId, port) in ports)
        {
            var connection = connections.FirstOrDefault(one => VirtualSwitches.IsOf(one, instanceId));
            adapters.Add(new MachineAdapter(
                instanceId,
                NameOf(port, instanceId),
                connection?.GetInteger("EnabledState") is 3 ? null : switches.NameOf(connection),
                port.Path is { } path ? await ReadAddressesAsync(path, cancellationToken) : [],
                port.Path is { } own ? await failover.ReadAsync(own, cancellationToken) : null)
            {
                Vlan = connection?.Path is { } connected ? await vlans.ReadVlanAsync(connected, cancellationToken) : null,
                MacAddress = AdapterMac.Read(port.GetString("Address")),
                HasStaticMac = port.GetBoolean("StaticMacAddress"),
            });
        }

        return [.. adapters.OrderBy(adapter => adapter.Id, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>
    /// Describes a switch by its ports: the settings of a port (<c>Msvm_ElementSettingData</c>) name in HostResource the host, for an internal port, or one of the
    /// host's network adapters, for an external one; every other port is a machine's [doc]. Two calls, and one for each port.
    /// </summary>
    /// <returns>The switch; its kind is not known when the host does not have it, or does not show the settings of a port.</returns>
    public async Task<HostSwitch> DescribeSwitchAsync(string name, CancellationToken cancellationToken)
    {
        CimInstance found;
        try
        {
            found = await FindSwitchAsync(name, cancellationToken);
        }
        catch (NetworkTargetException exception)
        {
            return new HostSwitch(name, SwitchKind.Unspecified, exception.Message);
        }

        name = found.GetString("ElementName") ?? name;
        try
        {
            var kind = SwitchKind.Private;
            var ports = await session.ListAssociatorsAsync(found.Path!, "Msvm_SystemDevice", "Msvm_EthernetSwitchPort", cancellationToken);
            foreach (var port in ports)
            {
                var settings = port.Path is { } path ? await session.ListAssociatorsAsync(path, HyperVClasses.ElementSettingData, ConnectionClass, cancellationToken) : [];
                if (settings.Count == 0)
                {
                    return new HostSwitch(name, SwitchKind.Unspecified, $"The host does not show what a port of switch '{name}' is connected to.");
                }

                kind = settings.Select(KindOf).Append(kind).Max();
            }

            return new HostSwitch(name, kind, kind switch
            {
                SwitchKind.External => $"Switch '{name}' is external: it reaches the network of one of the host's adapters.",
                SwitchKind.Internal => $"Switch '{name}' is internal: it reaches machines of the host, and the host itself.",
                _ => $"Switch '{name}' is private: it reaches machines of the host only.",
            });
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            return new HostSwitch(name, SwitchKind.Unspecified, $"The host does not show the ports of switch '{name}': {exception.Message}");
        }
    }

    /// <summary><c>Msvm_VirtualSystemManagementService.ModifyResourceSettings</c>: connects an adapter to a switch, or disconnects it. Again, it changes nothing.</summary>
    /// <param name="id">The machine.</param>
    /// <param name="adapter">The adapter's InstanceID, or its name where that is unique.</param>
    /// <param name="switchName">The switch's name; null disconnects.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="NetworkTargetException">There is no such adapter or switch, or more than one.</exception>
    public async Task<ServiceAnswer?> ConnectAsync(VirtualMachineId id, string adapter, string? switchName, CancellationToken cancellationToken)
    {
        if (await FindPartsAsync(id, adapter, cancellationToken) is not { } found)
        {
            return null;
        }

        var connection = found.Connection
            ?? throw new NetworkTargetException($"Network adapter '{adapter}' has no connection that could be changed: connect it once in Hyper-V Manager.");
        var target = switchName is null ? null : (await FindSwitchAsync(switchName, cancellationToken)).Path;
        // The complete instance, as Hyper-V's own clients send it.
        var properties = connection.Properties.ToDictionary(one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        properties["HostResource"] = target is null ? Array.Empty<string>() : new[] { target.ToString() };
        properties["EnabledState"] = (ushort)(target is null ? 3 : 2);
        var service = await _management.RequireServiceAsync(cancellationToken);
        return await ReplicationServiceCaller.InvokeAsync(
            session, service, "ModifyResourceSettings", new Dictionary<string, object?> { ["ResourceSettings"] = new[] { CimXmlText.Write(new CimInstance(path: null, connection.ClassName, properties)) } }, cancellationToken);
    }

    /// <summary>The adapter that an InstanceID or a name means.</summary>
    /// <param name="adapter">The InstanceID, or the name.</param>
    /// <param name="known">The adapters with their names.</param>
    /// <exception cref="NetworkTargetException">There is none, or more than one.</exception>
    public static string Find(string adapter, IReadOnlyList<(string Id, string Name)> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var found = known.Where(one => string.Equals(one.Id, adapter, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0)
        {
            found = [.. known.Where(one => string.Equals(one.Name, adapter, StringComparison.OrdinalIgnoreCase))];
        }

        return found switch
        {
            [var one] => one.Id,
            [] => throw new NetworkTargetException($"The machine has no network adapter '{adapter}'; it has {(known.Count == 0 ? "none" : string.Join(", ", known.Select(one => $"'{one.Name}' ({one.Id})")))}."),
            _ => throw new NetworkTargetException($"The machine has {found.Count} network adapters named '{adapter}': name one by its InstanceID, {string.Join(" or ", found.Select(one => one.Id))}."),
        };
    }

    /// <summary>An adapter and its connection; null when the host does not have the machine.</summary>
    /// <exception cref="NetworkTargetException">There is no such adapter, or more than one.</exception>
    internal async Task<(CimInstance Port, CimInstance? Connection)?> FindPartsAsync(VirtualMachineId id, string adapter, CancellationToken cancellationToken)
    {
        if (await _management.FindSettingsAsync(id, cancellationToken) is null)
        {
            return null;
        }

        var (ports, connections) = await ReadAsync(id, cancellationToken);
        var instanceId = Find(adapter, [.. ports.Select(port => (port.Id, NameOf(port.Port, port.Id)))]);
        return (ports.First(port => port.Id == instanceId).Port, connections.FirstOrDefault(one => VirtualSwitches.IsOf(one, instanceId)));
    }

    /// <summary>The adapters' ids, names and paths; null when the host does not have the machine.</summary>
    internal async Task<IReadOnlyList<(string Id, string Name, CimObjectPath Path)>?> ListPortsAsync(VirtualMachineId id, CancellationToken cancellationToken)
        => await _management.FindSettingsAsync(id, cancellationToken) is null
            ? null
            : [.. (await ReadAsync(id, cancellationToken)).Ports.Where(port => port.Port.Path is not null).Select(port => (port.Id, NameOf(port.Port, port.Id), port.Port.Path!))];

    private static string NameOf(CimInstance port, string instanceId) => port.GetString("ElementName") ?? instanceId;

    private async Task<(IReadOnlyList<(string Id, CimInstance Port)> Ports, IReadOnlyList<CimInstance> Connections)> ReadAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        if ((await _management.FindSettingsAsync(id, cancellationToken))?.Path is not { } settings)
        {
            return ([], []);
        }

        var ports = new List<(string, CimInstance)>();
        foreach (var className in AdapterClasses)
        {
            ports.AddRange((await session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, className, cancellationToken))
                .Where(port => port.GetString("InstanceID") is not null).Select(port => (port.GetString("InstanceID")!, port)));
        }

        return (ports, await session.ListAssociatorsAsync(settings, HyperVClasses.VirtualSystemSettingDataComponent, ConnectionClass, cancellationToken));
    }

    // A resource that is neither the host nor a machine's switch is an adapter of the host, whatever its class: wired, wireless, or one that is yet to come.
    private static SwitchKind KindOf(CimInstance settings)
        => (settings["HostResource"] as string?[] ?? []).OfType<string>().Where(resource => resource.Length > 0).Select(resource => CimObjectPath.TryParse(resource, out var path) ? path.ClassName : "").Select(className
            => string.Equals(className, HyperVClasses.ComputerSystem, StringComparison.OrdinalIgnoreCase) ? SwitchKind.Internal
                : string.Equals(className, VirtualSwitches.ClassName, StringComparison.OrdinalIgnoreCase) ? SwitchKind.Private
                : SwitchKind.External).DefaultIfEmpty(SwitchKind.Private).Max();

    private async Task<CimInstance> FindSwitchAsync(string name, CancellationToken cancellationToken)
    {
        var switches = await session.ListInstancesAsync(VirtualSwitches.ClassName, [], cancellationToken);
        return switches.Where(one => string.Equals(one.GetString("ElementName"), name, StringComparison.OrdinalIgnoreCase)).ToList() switch
        {
            [{ Path: not null } one] => one,
            [] => throw new NetworkTargetException($"The host has no switch '{name}'; it has {(switches.Count == 0 ? "none" : string.Join(", ", switches.Select(one => $"'{one.GetString("ElementName")}'")))}."),
            var several => throw new NetworkTargetException($"The host has {several.Count} switches named '{name}'."),
        };
    }

    private async Task<IReadOnlyList<string>> ReadAddressesAsync(CimObjectPath adapter, CancellationToken cancellationToken)
    {
        try
        {
            var guest = await session.ListAssociatorsAsync(adapter, "Msvm_SettingDataComponent", "Msvm_GuestNetworkAdapterConfiguration", cancellationToken);
            return [.. guest.SelectMany(one => one["IPAddresses"] as string?[] ?? []).OfType<string>().Where(address => address.Length > 0)];
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            // An adapter that has gone meanwhile, or a host without the class, tells no addresses.
            return [];
        }
    }
}
