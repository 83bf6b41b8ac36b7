using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>MAC addresses as hosts write them: 12 hexadecimal digits in upper case.</summary>
public static class AdapterMac
{
    private const int Digits = 12;

    /// <summary>The usual form of an address that an adapter can have.</summary>
    /// <returns>Null when it is none: another number of digits, another character, zero, or the address of a group.</returns>
    public static string? Read(string? text)
        => text is { Length: Digits } && text.All(char.IsAsciiHexDigit) && text.Any(digit => digit != '0')
            && (byte.Parse(text.AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & 1) == 0
                ? text.ToUpperInvariant()
                : null;
}

/// <summary>
/// Sets the VLAN and the MAC address of a machine's network adapters. The VLAN is a <c>Msvm_EthernetSwitchPortVlanSettingData</c> that hangs on the adapter's connection
/// by <c>Msvm_EthernetPortSettingDataComponent</c>; one that is not there yet is made from the class's definition [doc]. The MAC address is the adapter's own [doc].
/// </summary>
/// <param name="session">Hyper-V's namespace; its owner disposes it.</param>
public sealed class AdapterPortCalls(ICimSession session)
{
    private const string Component = "Msvm_EthernetPortSettingDataComponent";
    private const string Definition = @"Microsoft:Definition\952C5004-4465-451C-8CB8-FA9AB382B773\Default";

    private readonly NetworkCalls _adapters = new(session);
    private readonly SystemManagement _management = new(session);

    /// <summary>
    /// <c>Msvm_VirtualSystemManagementService.ModifyFeatureSettings</c>, or <c>AddFeatureSettings</c> where the connection has no VLAN setting yet: access mode with
    /// an id, or untagged. Again, it changes nothing.
    /// </summary>
    /// <param name="id">The machine; it may run.</param>
    /// <param name="adapter">The adapter's InstanceID, or its name where that is unique.</param>
    /// <param name="vlan">1 to 4094, or <see cref="AdapterVlan.NoId"/> for untagged.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="NetworkTargetException">There is no such adapter, or more than one, or it has no connection.</exception>
    public async Task<ServiceAnswer?> SetVlanAsync(VirtualMachineId id, string adapter, int vlan, CancellationToken cancellationToken)
    {
        if (await _adapters.FindPartsAsync(id, adapter, cancellationToken) is not { } found)
        {
            return null;
        }

        if (found.Connection?.Path is not { } connection)
        {
            throw new NetworkTargetException($"Network adapter '{adapter}' has no connection whose VLAN could be set: connect it once in Hyper-V Manager.");
        }

        var present = (await session.ListAssociatorsAsync(connection, Component, AdapterVlan.ClassName, cancellationToken)) is [var one, ..] ? one : null;
        var setting = present ?? await session.GetInstanceAsync(CimObjectPath.ForKey(AdapterVlan.ClassName, "InstanceID", Definition), cancellationToken)
            ?? throw new NetworkTargetException($"The host does not show the definition of {AdapterVlan.ClassName}, from which a VLAN setting is made.");
        var text = With(setting, ("OperationMode", AdapterVlan.AccessMode), ("AccessVlanId", (ushort)vlan));
        var inputs = new Dictionary<string, object?> { ["FeatureSettings"] = new[] { text } };
        if (present is null)
        {
            inputs["AffectedConfiguration"] = connection;
        }

        return await ReplicationServiceCaller.InvokeAsync(
            session, await _management.RequireServiceAsync(cancellationToken), present is null ? "AddFeatureSettings" : "ModifyFeatureSettings", inputs, cancellationToken);
    }

    /// <summary><c>Msvm_VirtualSystemManagementService.ModifyResourceSettings</c>: gives an adapter a static MAC address. Again, it changes nothing.</summary>
    /// <param name="id">The machine; hosts refuse it while it runs.</param>
    /// <param name="adapter">The adapter's InstanceID, or its name where that is unique.</param>
    /// <param name="address">The address, as <see cref="AdapterMac.Read"/> gives it.</param>
    /// <param name="cancellationToken">Gives the answer up, not the call.</param>
    /// <returns>The answer, or null when the host does not have the machine. No call was made.</returns>
    /// <exception cref="NetworkTargetException">There is no such adapter, or more than one.</exception>
    public async Task<ServiceAnswer?> SetMacAsync(VirtualMachineId id, string adapter, string address, CancellationToken cancellationToken)
        => await _adapters.FindPartsAsync(id, adapter, cancellationToken) is not { } found ? null
            : await ReplicationServiceCaller.InvokeAsync(
                session, await _management.RequireServiceAsync(cancellationToken), "ModifyResourceSettings",
                new Dictionary<string, object?> { ["ResourceSettings"] = new[] { With(found.Port, ("StaticMacAddress", true), ("Address", address)) } }, cancellationToken);

    /// <summary>The VLAN of a connection in words; null when the host does not tell.</summary>
    /// <param name="connection">The connection's path.</param>
    /// <param name="cancellationToken">Gives the answer up.</param>
    internal async Task<string?> ReadVlanAsync(CimObjectPath connection, CancellationToken cancellationToken)
    {
        try
        {
            return AdapterVlan.Of(await session.ListAssociatorsAsync(connection, Component, AdapterVlan.ClassName, cancellationToken) is [var setting, ..] ? setting : null);
        }
        catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound or CimErrorCode.InvalidClass)
        {
            // A connection that has gone meanwhile, or a host without the class.
            return null;
        }
    }

    // The complete instance, as Hyper-V's own clients send it.
    private static string With(CimInstance instance, params ReadOnlySpan<(string Name, object Value)> changes)
    {
        var properties = instance.Properties.ToDictionary(one => one.Key, one => one.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            properties[name] = value;
        }

        return CimXmlText.Write(new CimInstance(path: null, instance.ClassName, properties));
    }
}
