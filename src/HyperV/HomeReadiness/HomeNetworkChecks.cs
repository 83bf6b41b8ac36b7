using System.Globalization;
using HostAgent.HyperV.Readiness;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>Whether the machine finds its networks at home. Adapters are matched by their key.</summary>
internal sealed class HomeNetworkChecks(HomePair pair, HomeReadinessRules rules)
{
    private IReadOnlyList<HomeAdapter>? There => pair.AtRecovery?.Adapters;

    private IReadOnlyList<HomeAdapter>? Here => pair.AtHome?.Adapters;

    public IEnumerable<ReadinessCheck> Make() => [Connected(), Settings(), Features(), MacAddresses(), Ranges()];

    private ReadinessCheck Connected()
    {
        var (passed, observed) = Compared(
            () => [.. There!.Where(adapter => adapter.Switch is not null).Select(NotConnected).OfType<string>()],
            () => Here!.Count == 0 ? "no adapters" : string.Join("; ", Here!.Select(adapter => $"{adapter.Name} at {adapter.Switch ?? "no switch"}")));
        return ReadinessCheck.Of(
            HomeCheckId.HomeAdapterNotConnected, passed, CheckSeverity.Overridable, observed,
            $"Connect the adapters of home's copy{(pair.Home.Switches is { Count: > 0 } switches ? $"; home has the switches {string.Join(", ", switches.Take(10))}" : "")}.");
    }

    private string? NotConnected(HomeAdapter adapter) => Match(adapter) switch
    {
        null => $"home's copy lacks {adapter.Name}",
        { Switch: null } => $"{adapter.Name} is at switch {adapter.Switch} and at none at home",
        _ => null,
    };

    private ReadinessCheck Settings()
    {
        var (passed, observed) = Compared(
            () => [.. There!.Select(adapter => (There: adapter, Here: Match(adapter))).Where(both => both.Here is not null).SelectMany(both => Differences(both.There, both.Here!))],
            () => "no differences");
        return ReadinessCheck.Of(
            HomeCheckId.AdapterSettingsDiffer, passed, CheckSeverity.Overridable, observed, "Give the adapters of home's copy what their network there needs, or accept the differences where home's network is another one.");
    }

    private IEnumerable<string> Differences(HomeAdapter there, HomeAdapter here)
    {
        if (there is { AccessControls: null } || here is { AccessControls: null })
        {
            // A side that did not show the port's features did not show its VLAN either.
            yield break;
        }

        if (there.Vlan != here.Vlan && !rules.PlannedVlans.Contains(here.Id, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{there.Name}: VLAN {there.Vlan ?? "none"} at the recovery side, {here.Vlan ?? "none"} at home";
        }

        if (there.AccessControls != here.AccessControls)
        {
            yield return FormattableString.Invariant($"{there.Name}: {there.AccessControls} access control entries at the recovery side, {here.AccessControls} at home");
        }

        if (there.IovWeight is > 0 != here.IovWeight is > 0)
        {
            yield return $"{there.Name}: SR-IOV is {(there.IovWeight is > 0 ? "on at the recovery side and off at home" : "off at the recovery side and on at home")}";
        }
    }

    private ReadinessCheck Features()
    {
        string[] required = [.. (There ?? []).Concat(Here ?? []).Where(adapter => adapter.RequiredFeatures.Count > 0)
            .Select(adapter => $"{adapter.Name} requires {string.Join(", ", adapter.RequiredFeatures)}").Distinct(StringComparer.Ordinal)];
        return ReadinessCheck.Of(
            HomeCheckId.AdapterFeatureRequired, required.Length == 0, CheckSeverity.Overridable,
            required.Length > 0 ? string.Join("; ", required) : There is null ? pair.UnknownOfMachine(pair.Recovery, HomeSubject.Adapters) : "no adapter requires a feature of its switch",
            "Check that home's switch offers the feature: without it the adapter takes no connection.");
    }

    private ReadinessCheck MacAddresses()
    {
        var range = Range(pair.Home);
        var (passed, observed) = (There, range) switch
        {
            (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.Adapters)),
            (_, null) => (true, pair.Unknown(pair.Home, HomeSubject.MacRange)),
            ({ } adapters, { } home) => adapters.Where(adapter => adapter.StaticMacAddress == false && Number(adapter.MacAddress) is > 0 and var mac && (mac < home.First || mac > home.Last)).ToList() switch
            {
                [] => (true, $"no dynamic address outside home's range {pair.Home.MinimumMacAddress} to {pair.Home.MaximumMacAddress}"),
                var outside => (false, $"outside home's range {pair.Home.MinimumMacAddress} to {pair.Home.MaximumMacAddress}: {string.Join(", ", outside.Select(adapter => $"{adapter.Name} {adapter.MacAddress}"))}"),
            },
        };
        return ReadinessCheck.Of(
            HomeCheckId.DynamicMacAddressChanges, passed, CheckSeverity.Overridable, observed,
            "Make the address static, or be ready for a new one: reservations, licences and names of network devices in the guest may depend on it.");
    }

    private ReadinessCheck Ranges()
    {
        var (passed, observed) = (Range(pair.Recovery), Range(pair.Home)) switch
        {
            (null, _) => (true, pair.Unknown(pair.Recovery, HomeSubject.MacRange)),
            (_, null) => (true, pair.Unknown(pair.Home, HomeSubject.MacRange)),
            ({ } one, { } other) => (one.Last < other.First || other.Last < one.First,
                $"{pair.Recovery.MinimumMacAddress} to {pair.Recovery.MaximumMacAddress} at the recovery side, {pair.Home.MinimumMacAddress} to {pair.Home.MaximumMacAddress} at home"),
        };
        return ReadinessCheck.Of(
            HomeCheckId.MacAddressRangesOverlap, passed, CheckSeverity.Informational, observed, "Give the hosts separate ranges: machines that start on both may get the same address.");
    }

    private HomeAdapter? Match(HomeAdapter adapter) => Here?.FirstOrDefault(one => string.Equals(one.Id, adapter.Id, StringComparison.OrdinalIgnoreCase));

    private (bool Passed, string Observed) Compared(Func<IReadOnlyList<string>> differences, Func<string> none) => (There, Here) switch
    {
        (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.Adapters)),
        (_, null) => (true, pair.UnknownOfMachine(pair.Home, HomeSubject.Adapters)),
        _ => differences() is { Count: > 0 } found ? (false, string.Join("; ", found.Take(10))) : (true, none()),
    };

    private static (ulong First, ulong Last)? Range(HomeFacts side) => (Number(side.MinimumMacAddress), Number(side.MaximumMacAddress)) is ({ } first, { } last) ? (first, last) : null;

    private static ulong? Number(string? mac)
        => mac is not null && ulong.TryParse(string.Concat(mac.Where(char.IsAsciiHexDigit)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : null;
}
