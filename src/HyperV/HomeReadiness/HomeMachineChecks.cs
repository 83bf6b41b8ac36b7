using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Readiness;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>Whether home can run the machine.</summary>
internal sealed class HomeMachineChecks(HomePair pair)
{
    private const double Gibibyte = 1L << 30;

    public IEnumerable<ReadinessCheck> Make() => [Version(), Generation(), SecureBoot(), Tpm(), Shielded(), Memory(), DataDevices(), OtherDevices(), Operation()];

    private ReadinessCheck Version()
    {
        var (passed, observed) = (pair.AtRecovery?.Version, pair.Home.SupportedVersions) switch
        {
            (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.Settings)),
            (_, null or []) => (true, pair.Unknown(pair.Home, HomeSubject.SupportedVersions)),
            ({ } version, { } supported) => (supported.Contains(version, StringComparer.Ordinal), $"configuration version {version}; {pair.Name(pair.Home)} supports {string.Join(", ", supported)}"),
        };
        return ReadinessCheck.Of(
            HomeCheckId.ConfigurationVersionNotSupported, passed, CheckSeverity.Blocking, observed,
            "Bring home to a release of Windows Server that supports the version; a machine's version cannot be lowered.");
    }

    private ReadinessCheck Generation()
    {
        var (passed, observed) = Compare(machine => machine.Generation, "generation");
        return ReadinessCheck.Of(HomeCheckId.GenerationDiffers, passed, CheckSeverity.Blocking, observed, "Remove home's copy, which is another machine, and let the reversal create it.");
    }

    private ReadinessCheck SecureBoot()
    {
        var (passed, observed) = Compare(machine => machine.SecureBootEnabled is { } on ? on ? $"on, template {machine.SecureBootTemplate}" : "off" : null, "secure boot");
        return ReadinessCheck.Of(HomeCheckId.SecureBootDiffers, passed, CheckSeverity.Overridable, observed, "Give home's copy the same secure boot setting and template.");
    }

    private ReadinessCheck Tpm() => ReadinessCheck.Of(
        HomeCheckId.VirtualTpmPresent, pair.AtRecovery?.TpmEnabled is not true, CheckSeverity.Overridable,
        pair.AtRecovery?.TpmEnabled switch
        {
            true => $"the machine has a virtual TPM; {(pair.AtHome?.TpmEnabled == true ? "so has home's copy" : "home has no copy with one")}",
            false => "no virtual TPM",
            null => pair.UnknownOfMachine(pair.Recovery, HomeSubject.Security),
        },
        "Make sure that home has the guardian's two certificates with their keys in the store for shielded virtual machines, then start a test failover there to prove it.");

    private ReadinessCheck Shielded() => ReadinessCheck.Of(
        HomeCheckId.ShieldedMachine, pair.AtRecovery?.Shielded is not true, CheckSeverity.Overridable,
        pair.AtRecovery?.Shielded switch
        {
            true => "the machine is shielded",
            false => "not shielded",
            null => pair.UnknownOfMachine(pair.Recovery, HomeSubject.Security),
        },
        "Make sure that home attests to the machine's guardian, then start a test failover there to prove it.");

    private ReadinessCheck Memory()
    {
        var (passed, observed) = (pair.AtRecovery?.StartupMemoryBytes, pair.Home.FreeMemoryBytes) switch
        {
            (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.StartupMemory)),
            (_, null) => (true, pair.Unknown(pair.Home, HomeSubject.Memory)),
            ({ } needed, { } free) => (needed <= free, FormattableString.Invariant($"the machine starts with {needed / Gibibyte:0.0} GiB; {pair.Name(pair.Home)} has {free / Gibibyte:0.0} GiB free")),
        };
        return ReadinessCheck.Of(HomeCheckId.HomeMemoryLow, passed, CheckSeverity.Overridable, observed, "Free memory at home, or move the machine to another node there.");
    }

    private ReadinessCheck DataDevices() => Devices(
        HomeCheckId.UnreplicatedDiskPresent, CheckSeverity.Blocking, device => device.HoldsData, "Move the content to virtual hard disks, or take the machine out and move it with the storage's own means.");

    private ReadinessCheck OtherDevices() => Devices(
        HomeCheckId.HostDevicePresent, CheckSeverity.Overridable, device => !device.HoldsData, "Remove the device from the machine, or accept it where home has the same one and home's copy names it.");

    // Merging has a check of its own, and waiting for a start is no work.
    private ReadinessCheck Operation()
    {
        string[] works = [.. from side in new[] { pair.Recovery, pair.Home }
                             where side.Machine?.OperationInProgress is not (null or OperationalStatus.MergingDisks or OperationalStatus.WaitingToStart)
                             select $"{pair.Name(side)}: {Numbered.Text(side.Machine!.OperationInProgress!.Value)}"];
        return ReadinessCheck.Of(
            HomeCheckId.MachineOperationInProgress, works.Length == 0, CheckSeverity.Overridable,
            works.Length > 0 ? string.Join("; ", works) : pair.AtRecovery is null ? pair.UnknownOfMachine(pair.Recovery, HomeSubject.Settings) : "no host works on it",
            "Wait until it has ended, and see that no backup is due during the switch.");
    }

    private ReadinessCheck Devices(string id, CheckSeverity severity, Func<HomeDevice, bool> which, string remedy)
    {
        var found = pair.AtRecovery?.Devices?.Where(which).ToList();
        return ReadinessCheck.Of(
            id, found is null or [], severity,
            found switch
            {
                null => pair.UnknownOfMachine(pair.Recovery, HomeSubject.Devices),
                [] => "no such device",
                _ => string.Join("; ", found.Take(10).Select(device => $"{device.Kind} {device.Name}")),
            },
            remedy);
    }

    private (bool Passed, string Observed) Compare(Func<HomeMachine, string?> value, string what)
        => (pair.AtRecovery is { } there ? value(there) : null, pair.AtHome is { } here ? value(here) : null) switch
        {
            (null, _) => (true, pair.UnknownOfMachine(pair.Recovery, HomeSubject.Settings)),
            (_, null) => (true, pair.UnknownOfMachine(pair.Home, HomeSubject.Settings)),
            ({ } one, { } other) => (string.Equals(one, other, StringComparison.OrdinalIgnoreCase), $"{what}: {one} at the recovery side, {other} at home"),
        };
}

/// <summary>What of the guest and of its settings lengthens the outage.</summary>
internal sealed class HomeGuestChecks(HomePair pair)
{
    private const int Ok = 2;
    private const int Save = 3;

    // 3 is OK with an older or newer protocol, as of Msvm_HeartbeatComponent [doc].
    private static bool Works(int? status) => status is null or Ok or 3;

    public IEnumerable<ReadinessCheck> Make() => [FailoverAddress(), Shutdown(), Saved(), Settings()];

    private ReadinessCheck FailoverAddress()
    {
        var adapters = pair.AtHome?.Adapters?.Where(adapter => adapter.HasFailoverAddress == true).Select(adapter => adapter.Name).ToList();
        var service = pair.AtRecovery?.DataExchangeService;
        return ReadinessCheck.Of(
            HomeCheckId.FailoverAddressNotTaken, adapters is null or [] || Works(service), CheckSeverity.Overridable,
            (adapters, service) switch
            {
                (null, _) => pair.UnknownOfMachine(pair.Home, HomeSubject.FailoverAddresses),
                ([], _) => "no addresses are set for a failover",
                (_, null) => $"addresses are set for {string.Join(", ", adapters)}; not checked: {pair.Name(pair.Recovery)} did not show the guest's integration services",
                _ => FormattableString.Invariant($"addresses are set for {string.Join(", ", adapters)}; the guest's data exchange service {StatusText(service.Value)}"),
            },
            "Install or start the integration services in the guest, or be ready to set its addresses by hand.");
    }

    private ReadinessCheck Shutdown()
    {
        var service = pair.AtRecovery?.ShutdownService;
        return ReadinessCheck.Of(
            HomeCheckId.GuestShutdownNotAvailable, Works(service), CheckSeverity.Overridable,
            service is { } status ? $"the guest's shutdown service {StatusText(status)}"
                : pair.AtRecovery is { EnabledState: not VirtualMachines.EnabledState.Running } ? "not checked: the machine does not run"
                : pair.UnknownOfMachine(pair.Recovery, HomeSubject.IntegrationServices),
            "Install or start the integration services in the guest, or shut it down by its own means when the outage begins.");
    }

    private ReadinessCheck Saved() => ReadinessCheck.Of(
        HomeCheckId.SavedAtHostShutdown, pair.AtRecovery?.ShutdownAction is not Save, CheckSeverity.Informational,
        pair.AtRecovery?.ShutdownAction switch
        {
            Save => "the host saves the machine when it shuts down (3)",
            { } other => FormattableString.Invariant($"automatic shutdown action {other}"),
            null => pair.UnknownOfMachine(pair.Recovery, HomeSubject.Settings),
        },
        "Set the automatic shutdown action to shutting the guest down, and do not restart the host during the switch.");

    private ReadinessCheck Settings()
    {
        var differences = pair is { AtRecovery: { } there, AtHome: { } here }
            ? Differences(
                ("interval in seconds", there.Replication?.Interval, here.Replication?.Interval),
                ("recovery points", there.Replication?.RecoveryHistory, here.Replication?.RecoveryHistory),
                ("hours between application-consistent points", there.Replication?.ApplicationConsistentInterval, here.Replication?.ApplicationConsistentInterval),
                ("startup memory in MiB", there.StartupMemoryBytes >> 20, here.StartupMemoryBytes >> 20),
                ("dynamic memory", there.DynamicMemory is { } one ? one ? 1 : 0 : null, here.DynamicMemory is { } other ? other ? 1 : 0 : null))
            : null;
        return ReadinessCheck.Of(
            HomeCheckId.SettingsDiffer, differences is null or [], CheckSeverity.Informational,
            differences switch
            {
                null => pair.UnknownOfMachine(pair.AtHome is null ? pair.Home : pair.Recovery, HomeSubject.Settings),
                [] => "no differences",
                _ => string.Join("; ", differences),
            },
            "Set what home should have after the return.");
    }

    private static List<string> Differences(params ReadOnlySpan<(string What, long? There, long? Here)> values)
    {
        var differences = new List<string>();
        foreach (var (what, there, here) in values)
        {
            if (there is not null && here is not null && there != here)
            {
                differences.Add(FormattableString.Invariant($"{what}: {there} at the recovery side, {here} at home"));
            }
        }

        return differences;
    }

    private static string StatusText(int status) => status switch
    {
        0 => "is not there",
        Ok => "is OK (2)",
        _ => FormattableString.Invariant($"reports status {status}"),
    };
}
