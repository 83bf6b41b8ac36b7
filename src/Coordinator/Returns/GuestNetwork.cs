using System.Net;
using System.Net.Sockets;
using HostAgent.HyperV.Failover;
using MachineAdapter = HostAgent.Contracts.Failback.V1.MachineAdapter;

namespace HostAgent.Coordinator.Returns;

/// <summary>One network adapter as it was while its machine ran.</summary>
/// <param name="Id">Its key, which both hosts share.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Connected">Whether it was connected to a switch.</param>
/// <param name="Addresses">The addresses that its guest told, without those that hold on one link only.</param>
internal sealed record SeenAdapter(string Id, string Name, bool Connected, IReadOnlyList<string> Addresses)
{
    /// <summary>The switch that it was connected to; empty for none, and when it was seen before that was remembered.</summary>
    public string Switch { get; init; } = "";

    /// <summary>Its static MAC address; empty for a dynamic one, null when it was not told.</summary>
    public string? StaticMac { get; init; }

    public bool Equals(SeenAdapter? other)
        => other is not null && (Id, Name, Connected, Switch, StaticMac) == (other.Id, other.Name, other.Connected, other.Switch, other.StaticMac) && Addresses.SequenceEqual(other.Addresses, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Id, Name, Connected, Addresses.Count);
}

/// <summary>A machine's network adapters as they were while it ran. When they were read is no part of what they are.</summary>
/// <param name="Time">When they were read.</param>
/// <param name="Adapters">The adapters.</param>
internal sealed record SeenNetwork(DateTimeOffset Time, IReadOnlyList<SeenAdapter> Adapters)
{
    /// <summary>What is remembered after a read of a machine that runs.</summary>
    /// <param name="before">What was remembered; null when nothing was.</param>
    /// <param name="shown">The adapters as the agent sent them; none of an agent that does not tell, and of a machine without any.</param>
    /// <param name="now">The time.</param>
    public static SeenNetwork? After(SeenNetwork? before, IReadOnlyList<MachineAdapter> shown, DateTimeOffset now) => shown.Count == 0
        ? before
        : new SeenNetwork(now, [.. shown.Select(adapter => new SeenAdapter(
            adapter.Id, adapter.Name, adapter.VirtualSwitch.Length > 0,
            // A guest that tells nothing for a moment has not lost its addresses.
            GuestAddresses.Of(adapter) is { Count: > 0 } addresses ? addresses : before?.Adapters.FirstOrDefault(one => IsSame(one.Id, adapter.Id))?.Addresses ?? [])
        {
            Switch = adapter.VirtualSwitch,
            StaticMac = AdapterMac.Read(adapter.MacAddress) is not { } mac ? null : adapter.StaticMacAddress ? mac : "",
        })]);

    public bool Equals(SeenNetwork? other) => other is not null && Adapters.SequenceEqual(other.Adapters);

    public override int GetHashCode() => Adapters.Count;

    /// <summary>Whether two keys of adapters are one.</summary>
    public static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What came of a look at a machine's network.</summary>
internal enum NetworkOutcome
{
    /// <summary>It is as it should be.</summary>
    Matches,

    /// <summary>It is not, and stays so.</summary>
    Differs,

    /// <summary>It is not, and may still become so: a guest takes its addresses after its start.</summary>
    DiffersYet,

    /// <summary>Nobody knows how it should be.</summary>
    Unknown,
}

/// <summary>How the network of a machine that was started should be.</summary>
/// <param name="Plan">What was asked for.</param>
/// <param name="Seen">How it was at the recovery site; null when that is not known, and for a test machine.</param>
/// <param name="Switch">The switch that every adapter must be at; null for any.</param>
internal sealed record ExpectedNetwork(ReturnPlan Plan, SeenNetwork? Seen, string? Switch = null)
{
    /// <summary>What its adapters get by the rules of its campaign; none where there are no rules, or it is not at home.</summary>
    public IReadOnlyList<WantedAdapter> Wanted { get; init; } = [];

    private string Model => Plan.Networks is null ? "as at the recovery site" : "as its campaign says";

    /// <summary>Compares it with what a host shows.</summary>
    /// <returns>What came of it, and the same in words that begin with a small letter.</returns>
    public (NetworkOutcome Outcome, string Text) Compare(IReadOnlyList<MachineAdapter> shown)
    {
        if ((Switch is { } wantedSwitch ? Elsewhere(shown, wantedSwitch) : NotConnected(shown) ?? Otherwise(shown)) is { } apart)
        {
            return (NetworkOutcome.Differs, apart);
        }

        return Plan switch
        {
            { ExpectedAddresses: { Count: > 0 } wanted } => wanted.FirstOrDefault(address => !shown.Any(adapter => GuestAddresses.Has(adapter, address))) is { } missing
                ? (NetworkOutcome.DiffersYet, $"an adapter should have {missing}, and {Told(shown)}")
                : (NetworkOutcome.Matches, $"its network is as it should be: {Told(shown)}"),
            { AnyAddress: true } => WithoutAddress(shown) is { } without
                ? (NetworkOutcome.DiffersYet, $"{Named(without)} should have an address and has none; {Told(shown)}")
                : (NetworkOutcome.Matches, $"its network is as it should be: {Told(shown)}"),
            _ => AsBefore(shown),
        };
    }

    private static string Named(string adapter) => $"adapter '{Texts.VisibleText.Line(adapter)}'";

    private static string At(MachineAdapter adapter) => adapter.VirtualSwitch.Length > 0 ? Texts.VisibleText.Line(adapter.VirtualSwitch) : "none";

    private static string Told(IReadOnlyList<MachineAdapter> shown) => shown.Count == 0
        ? "the machine has no adapter"
        : string.Join(", ", shown.Select(adapter => $"{Named(adapter.Name)} has {List(adapter.GuestAddresses)}"));

    private static string List(IReadOnlyCollection<string> addresses) => addresses.Count == 0 ? "no address" : string.Join(" and ", addresses.Select(address => Texts.VisibleText.Line(address)));

    private static string? Elsewhere(IReadOnlyList<MachineAdapter> shown, string wanted)
        => shown.Where(adapter => !string.Equals(adapter.VirtualSwitch, wanted, StringComparison.OrdinalIgnoreCase))
            .Select(adapter => $"{Named(adapter.Name)} should be at switch {wanted} and is at {At(adapter)}").FirstOrDefault();

    private string? NotConnected(IReadOnlyList<MachineAdapter> shown)
        => (Seen?.Adapters ?? []).Where(adapter => adapter.Connected).Select(adapter => Find(shown, adapter) switch
        {
            null => $"{Named(adapter.Name)} is missing; at the recovery site it was connected",
            { VirtualSwitch.Length: 0 } => $"{Named(adapter.Name)} should be connected to a switch, as at the recovery site, and is connected to none",
            _ => null,
        }).FirstOrDefault(text => text is not null);

    private string? Otherwise(IReadOnlyList<MachineAdapter> shown)
        => Wanted.Select(wanted => shown.FirstOrDefault(one => SeenNetwork.IsSame(one.Id, wanted.Id)) is { } adapter ? wanted.DifferenceOf(adapter) : $"{Named(wanted.Name)} is missing")
            .FirstOrDefault(text => text is not null);

    private static MachineAdapter? Find(IReadOnlyList<MachineAdapter> shown, SeenAdapter adapter) => shown.FirstOrDefault(one => SeenNetwork.IsSame(one.Id, adapter.Id));

    // Where it is not known which adapters had an address, one of them must.
    private string? WithoutAddress(IReadOnlyList<MachineAdapter> shown)
    {
        var had = (Seen?.Adapters ?? []).Where(adapter => adapter.Addresses.Count > 0).ToList();
        return had.Count == 0
            ? shown.Any(adapter => GuestAddresses.Of(adapter).Count > 0) ? null : shown.Select(adapter => adapter.Name).FirstOrDefault() ?? "any"
            : had.FirstOrDefault(adapter => Find(shown, adapter) is not { } now || GuestAddresses.Of(now).Count == 0)?.Name;
    }

    private (NetworkOutcome Outcome, string Text) AsBefore(IReadOnlyList<MachineAdapter> shown)
    {
        var known = (Seen?.Adapters ?? []).Where(adapter => adapter.Addresses.Count > 0).ToList();
        if (known.Count == 0)
        {
            return (NetworkOutcome.Unknown, Switch is { } name ? $"its adapters are at switch {name}; its addresses are not compared"
                : Seen is null ? "nobody knows which network it should have"
                : "its adapters are connected; nobody knows which addresses it should have");
        }

        foreach (var adapter in known)
        {
            var now = Find(shown, adapter);
            if (adapter.Addresses.FirstOrDefault(address => now is null || !GuestAddresses.HasLike(now, address)) is not null)
            {
                return (NetworkOutcome.DiffersYet, $"{Named(adapter.Name)} should have {List(adapter.Addresses)}, {Model}, and has {List(now?.GuestAddresses.ToList() ?? [])}");
            }
        }

        return (NetworkOutcome.Matches, $"its network is {Model}: {Told(shown)}");
    }
}

/// <summary>Addresses as guests tell them.</summary>
internal static class GuestAddresses
{
    private const int NetworkBytes = 8;

    /// <summary>The addresses of an adapter that hold beyond its link: those that a guest gives itself without a network tell nothing.</summary>
    public static IReadOnlyList<string> Of(MachineAdapter adapter)
        => [.. adapter.GuestAddresses.Where(text => IPAddress.TryParse(text, out var address) && !IsOfOneLink(address)).Select(text => IPAddress.Parse(text).ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Whether an adapter has an address.</summary>
    public static bool Has(MachineAdapter adapter, string address) => Of(adapter).Contains(address, StringComparer.Ordinal);

    /// <summary>Whether an adapter has an address, or for IPv6 one of the same network: guests change the second half of those by themselves.</summary>
    public static bool HasLike(MachineAdapter adapter, string address)
    {
        var wanted = IPAddress.Parse(address);
        return wanted.AddressFamily == AddressFamily.InterNetworkV6
            ? Of(adapter).Select(IPAddress.Parse).Any(one => one.AddressFamily == AddressFamily.InterNetworkV6 && one.GetAddressBytes().AsSpan(0, NetworkBytes).SequenceEqual(wanted.GetAddressBytes().AsSpan(0, NetworkBytes)))
            : Has(adapter, address);
    }

    /// <summary>Reads an address as a person writes it.</summary>
    /// <returns>Its usual form; null when it is none, and for one that holds on one link only.</returns>
    public static string? Read(string text)
        => IPAddress.TryParse(text, out var address) && !text.Contains('%', StringComparison.Ordinal) && !IsOfOneLink(address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
                ? address.ToString() : null;

    private static bool IsOfOneLink(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? address.IsIPv6LinkLocal || IPAddress.IsLoopback(address)
        : address.GetAddressBytes() is [169, 254, ..] or [127, ..];
}
