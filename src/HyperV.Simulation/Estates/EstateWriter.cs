using HostAgent.Documents;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using YamlDotNet.Serialization;

namespace HostAgent.HyperV.Simulation.Estates;

/// <summary>Writes an estate as YAML, omitting defaults.</summary>
internal static class EstateWriter
{
    public static string Write(Estate estate)
    {
        var written = new Dictionary<string, object>
        {
            ["apiVersion"] = EstateDocument.ApiVersion,
            ["kind"] = EstateDocument.Kind,
            ["hosts"] = estate.Hosts.Select(Write).ToList(),
        };
        PutList(written, "pairs", estate.Pairs.Select(PairKeys.Write));
        Put(written, "stateDirectory", estate.StateDirectory, null);
        return new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(written);
    }

    private static Dictionary<string, object> Write(SimulatedHostDescription host)
    {
        var basis = new SimulatedHostDescription { Name = host.Name };
        var written = new Dictionary<string, object> { ["name"] = host.Name };
        Put(written, "platform", EnumNames<HostPlatform>.NameOf(host.Platform), EnumNames<HostPlatform>.NameOf(basis.Platform));
        Put(written, "site", host.Site, basis.Site);
        Put(written, "primarySite", host.PrimarySite, basis.PrimarySite);
        Put(written, "linkMegabitsPerSecond", host.LinkMegabitsPerSecond, basis.LinkMegabitsPerSecond);
        Put(written, "compareMegabytesPerSecond", host.CompareMegabytesPerSecond, basis.CompareMegabytesPerSecond);
        Put(written, "mergeMegabytesPerSecond", host.MergeMegabytesPerSecond, basis.MergeMegabytesPerSecond);
        Put(written, "maxConcurrentJobs", host.MaxConcurrentJobs, null);
        Put(written, "provider", EnumNames<ReplicationProviderKind>.NameOf(host.Provider), EnumNames<ReplicationProviderKind>.NameOf(basis.Provider));
        Put(written, "providerSupportsFailback", host.ProviderSupportsFailback, null);
        Put(written, "primarySiteReachable", host.PrimarySiteReachable, basis.PrimarySiteReachable);
        Put(written, "afterFailure", EnumNames<AfterInterruption>.NameOf(host.AfterFailure), EnumNames<AfterInterruption>.NameOf(basis.AfterFailure));
        Put(written, "afterCancel", EnumNames<AfterInterruption>.NameOf(host.AfterCancel), EnumNames<AfterInterruption>.NameOf(basis.AfterCancel));
        Put(written, "checkOrder", host.CheckOrder?.Select(EnumNames<FailbackCheck>.NameOf).ToList(), null);
        Put(written, "failbackStates", host.FailbackStates?.Select(EnumNames<ReplicationState>.NameOf).ToList(), null);
        Put(written, "failbackNeedsOff", host.FailbackNeedsOff, basis.FailbackNeedsOff);
        foreach (var (key, value) in ReplicationServerKeys.Write(host, basis))
        {
            written[key] = value;
        }

        PutUnlessDefault(written, "certificates", host.Certificates.Select(HostEnvironment.Write), basis.Certificates.Select(HostEnvironment.Write));
        Put(written, "cluster", host.Cluster is { } cluster ? HostEnvironment.Write(cluster) : null, null);
        PutUnlessDefault(written, "volumes", host.Volumes.Select(HostEnvironment.Write), basis.Volumes.Select(HostEnvironment.Write));
        PutList(written, "faults", host.Faults.Select(FaultKinds.Write));
        PutList(written, "virtualMachines", host.VirtualMachines.Select(Write));
        return written;
    }

    private static Dictionary<string, object> Write(SimulatedVirtualMachineDescription machine)
    {
        var basis = new SimulatedVirtualMachineDescription { Name = machine.Name, Id = machine.Id };
        var written = new Dictionary<string, object>
        {
            ["name"] = machine.Name,
            ["id"] = machine.Id.ToString("D"),
            ["diskGigabytes"] = machine.DiskGigabytes,
            ["changedGigabytes"] = machine.ChangedGigabytes,
        };
        Put(written, "disks", machine.Disks, basis.Disks);
        Put(written, "state", EnumNames<ReplicationState>.NameOf(machine.State), EnumNames<ReplicationState>.NameOf(basis.State));
        Put(written, "mode", EnumNames<ReplicationMode>.NameOf(machine.Mode), EnumNames<ReplicationMode>.NameOf(basis.Mode));
        Put(written, "health", EnumNames<ReplicationHealth>.NameOf(machine.Health), EnumNames<ReplicationHealth>.NameOf(basis.Health));
        Put(written, "power", EnumNames<EnabledState>.NameOf(machine.Power), EnumNames<EnabledState>.NameOf(basis.Power));
        Put(written, "recoveryHistory", machine.RecoveryHistory, basis.RecoveryHistory);
        Put(written, "applicationConsistentHours", machine.ApplicationConsistentHours, basis.ApplicationConsistentHours);
        Put(written, "sinceLastReplication", DurationText.Write(machine.SinceLastReplication), DurationText.Write(basis.SinceLastReplication));
        Put(written, "extended", machine.Extended, basis.Extended);
        Put(written, "peerState", EnumNames<ReplicationState>.NameOf(machine.PeerState), EnumNames<ReplicationState>.NameOf(basis.PeerState));
        Put(written, "checkpoints", machine.Checkpoints.Count > 0 ? machine.Checkpoints : null, null);
        Put(written, "present", machine.Present, basis.Present);
        Put(written, "authentication", EnumNames<AuthenticationType>.NameOf(machine.Authentication), EnumNames<AuthenticationType>.NameOf(basis.Authentication));
        Put(written, "certificate", machine.Certificate, null);
        Put(written, "ownerNode", machine.OwnerNode, null);
        Put(written, "startupAction", EnumNames<StartupAction>.NameOf(machine.StartupAction), EnumNames<StartupAction>.NameOf(basis.StartupAction));
        Put(written, "guest", machine.Guest == basis.Guest ? null : GuestKeys.Write(machine.Guest), null);
        PutList(written, "faults", machine.Faults.Select(FaultKinds.Write));
        return written;
    }

    private static void Put(Dictionary<string, object> written, string key, object? value, object? basis)
    {
        if (value is not null && !value.Equals(basis))
        {
            written[key] = value;
        }
    }

    // If the default is not empty, an empty list must be written.
    private static void PutUnlessDefault(
        Dictionary<string, object> written, string key, IEnumerable<Dictionary<string, object>> items, IEnumerable<Dictionary<string, object>> basis)
    {
        var list = items.ToList();
        if (!list.Select(Spelled).SequenceEqual(basis.Select(Spelled), StringComparer.Ordinal))
        {
            written[key] = list;
        }
    }

    private static string Spelled(Dictionary<string, object> item) => string.Join('\n', item.Select(pair => FormattableString.Invariant($"{pair.Key}: {pair.Value}")));

    private static void PutList(Dictionary<string, object> written, string key, IEnumerable<Dictionary<string, object>> items)
    {
        var list = items.ToList();
        if (list.Count > 0)
        {
            written[key] = list;
        }
    }
}
