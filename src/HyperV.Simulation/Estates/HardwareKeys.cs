using System.Net;
using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Reads and writes what hosts and machines are made of, beside their disks: memory, versions, switches, adapters, security.</summary>
internal static partial class HardwareKeys
{
    private const string VersionText = "a version, for example 9.0";
    private const string MacText = "twelve hexadecimal digits, for example 00155D010203";
    private const string AddressText = "an IP address";
    private const int LargestMemory = 16_777_216;

    public static SimulatedHostDescription Read(MappingReader reader, SimulatedHostDescription basis)
    {
        var switches = reader.Optional("switches").Described("Names of its virtual switches.").ByDefault(basis.Switches);
        var versions = reader.Optional("supportedVersions").Described("Configuration versions of machines that it supports; those of its platform by default.");
        var names = switches.List(field => field.Text(1, 64), maximum: 64);
        var isolated = reader.Optional("privateSwitches").Described("Those of its switches that reach machines of the host only; every other one is external.").List(field => field.Text(1, 64), maximum: 64);
        var hostOnly = reader.Optional("internalSwitches").Described("Those of its switches that reach machines and the host itself.").List(field => field.Text(1, 64), maximum: 64);
        var supported = versions.List(field => field.Matching(VersionPattern(), VersionText, maximumLength: 8), minimum: 1, maximum: 64);
        return basis with
        {
            Switches = switches.IsPresent ? names : basis.Switches,
            PrivateSwitches = isolated,
            InternalSwitches = hostOnly,
            SupportedVersions = versions.IsPresent ? supported : null,
            MemoryMegabytes = reader.Optional("memoryMegabytes").Described("Its memory; what its running machines have is not free.").Integer(1024, LargestMemory, basis.MemoryMegabytes),
            ClockOffsetSeconds = reader.Optional("clockOffsetSeconds").Described("How far its clock is ahead; negative for behind.").Integer(-86_400, 86_400, basis.ClockOffsetSeconds),
        };
    }

    public static SimulatedVirtualMachineDescription Read(MappingReader reader, SimulatedVirtualMachineDescription basis)
    {
        var adapters = reader.Optional("adapters").Described("Its network adapters; one that is connected to vSwitch by default.");
        var read = adapters.List(field => field.Mapping(ReadAdapter, "adapter"), maximum: 12);
        return basis with
        {
            Version = reader.Optional("version").Described("Version of its configuration; the newest of the host's platform by default.").Matching(VersionPattern(), VersionText, maximumLength: 8),
            MemoryMegabytes = reader.Optional("memoryMegabytes").Described("Memory at its start.").Integer(32, LargestMemory, basis.MemoryMegabytes),
            Tpm = reader.Optional("tpm").Described("Whether it has a virtual trusted platform module.").Boolean(basis.Tpm),
            HasTpmKeys = reader.Optional("hasTpmKeys").Described("Whether the host has the keys to it; without them the machine does not start.").Boolean(basis.HasTpmKeys),
            Iso = reader.Optional("iso").Described("Path of the mounted DVD image; none by default.").Text(1, 260),
            IsoExists = reader.Optional("isoExists").Described("Whether that image exists on the host; without it the machine does not start.").Boolean(basis.IsoExists),
            Adapters = adapters.IsPresent ? read : basis.Adapters,
        };
    }

    public static IEnumerable<(string Key, object? Value)> Write(SimulatedHostDescription host, SimulatedHostDescription basis)
    {
        yield return ("switches", host.Switches.SequenceEqual(basis.Switches) ? null : host.Switches);
        yield return ("privateSwitches", host.PrivateSwitches.Count == 0 ? null : host.PrivateSwitches);
        yield return ("internalSwitches", host.InternalSwitches.Count == 0 ? null : host.InternalSwitches);
        yield return ("supportedVersions", host.SupportedVersions);
        yield return ("memoryMegabytes", host.MemoryMegabytes == basis.MemoryMegabytes ? null : host.MemoryMegabytes);
        yield return ("clockOffsetSeconds", host.ClockOffsetSeconds == basis.ClockOffsetSeconds ? null : host.ClockOffsetSeconds);
    }

    public static IEnumerable<(string Key, object? Value)> Write(SimulatedVirtualMachineDescription machine, SimulatedVirtualMachineDescription basis)
    {
        yield return ("version", machine.Version);
        yield return ("memoryMegabytes", machine.MemoryMegabytes == basis.MemoryMegabytes ? null : machine.MemoryMegabytes);
        yield return ("tpm", machine.Tpm ? true : null);
        yield return ("hasTpmKeys", machine.HasTpmKeys ? null : false);
        yield return ("iso", machine.Iso);
        yield return ("isoExists", machine.IsoExists ? null : false);
        yield return ("adapters", machine.Adapters is [var one] && IsUsual(one) ? null : machine.Adapters.Select(Write).ToList());
    }

    private static bool IsUsual(SimulatedAdapterDescription adapter) => adapter with { Addresses = [] } == new SimulatedAdapterDescription() with { Addresses = [] } && adapter.Addresses.Count == 0;

    private static Dictionary<string, object> Write(SimulatedAdapterDescription adapter)
    {
        var basis = new SimulatedAdapterDescription();
        var written = new Dictionary<string, object> { ["name"] = adapter.Name };
        if (adapter.Switch is null)
        {
            written["connected"] = false;
        }
        else if (adapter.Switch != basis.Switch)
        {
            written["switch"] = adapter.Switch;
        }

        if (adapter.Vlan is { } vlan)
        {
            written["vlan"] = vlan;
        }

        if (adapter.StaticMac is { } mac)
        {
            written["staticMac"] = mac;
        }

        if (adapter.Addresses.Count > 0)
        {
            written["addresses"] = adapter.Addresses;
        }

        return written;
    }

    private static SimulatedAdapterDescription ReadAdapter(MappingReader reader)
    {
        var basis = new SimulatedAdapterDescription();
        var connected = reader.Optional("connected").Described("Whether it is connected.").Boolean(true);
        var name = reader.Optional("switch").Described("The switch that it is connected to; one that the host does not have counts as none.").Text(1, 64, SimulatedAdapterDescription.UsualSwitch);
        return new SimulatedAdapterDescription
        {
            Name = reader.Optional("name").Described("Its display name.").Text(1, 100, basis.Name),
            Switch = connected ? name : null,
            Vlan = reader.Optional("vlan").Described("Its VLAN in access mode; untagged by default.").Integer(1, 4094),
            StaticMac = reader.Optional("staticMac").Described("Its static MAC address; a dynamic one by default.").Matching(MacPattern(), MacText, maximumLength: 12),
            Addresses = reader.Optional("addresses").Described("The addresses that the guest has on it while it runs.").List(ReadAddress, maximum: 64),
        };
    }

    private static string? ReadAddress(Field field)
    {
        var text = field.Text(2, 45);
        if (text is not null && !IPAddress.TryParse(text, out _))
        {
            field.Reject(AddressText);
            return null;
        }

        return text;
    }

    [GeneratedRegex("^[0-9]{1,3}\\.[0-9]{1,3}\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();

    [GeneratedRegex("^[0-9A-Fa-f]{12}\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MacPattern();
}
