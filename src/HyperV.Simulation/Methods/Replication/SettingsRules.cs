using System.Collections;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;
using ReplicationProvider = HostAgent.HyperV.Simulation.Model.ReplicationProvider;

namespace HostAgent.HyperV.Simulation.Methods.Replication;

/// <summary>
/// Validates the settings of a relationship: the published ranges and those of the cmdlets. A null property keeps its value, and
/// so does a property that only the host writes.
/// </summary>
internal static class SettingsRules
{
    private static readonly string[] Writable =
    [
        "AuthenticationType", "CertificateThumbPrint", "CompressionEnabled", "BypassProxyServer", "RecoveryConnectionPoint", "RecoveryServerPortNumber",
        "ReplicateHostKvpItems", "ApplicationConsistentSnapshotInterval", "RecoveryHistory", "IncludedDisks", "AutoResynchronizeEnabled",
        "AutoResynchronizeIntervalStart", "AutoResynchronizeIntervalEnd", "AdditionalSettings", "ReplicationInterval",
    ];

    // RootCertificateThumbPrint and RecoveryHostSystem are ignored too, with any provider: only the host writes them.
    private static readonly string[] IgnoredByExternalProviders =
        ["AuthenticationType", "CertificateThumbPrint", "RecoveryConnectionPoint", "RecoveryServerPortNumber", "ReplicateHostKvpItems"];

    /// <summary>The change to a relationship's settings; null with a refusal.</summary>
    public static SettingsChange? Change(OperationCall call, ReplicationSettingData given, int relationship, out OperationDecision? refusal)
    {
        var present = call.Model.Describe(call.World, new RelationshipSettings(new Relationship(call.Machine, relationship)));
        var external = call.World.Description.Provider == ReplicationProviderKind.External;
        var accepted = Writable.Where(name => given.Instance[name] is not null && !(external && IgnoredByExternalProviders.Contains(name)));
        var changed = accepted.Where(name => !IsSame(given.Instance[name], present[name])).ToDictionary(name => name, name => given.Instance[name]);
        var result = new ReplicationSettingData(new CimInstance(path: null, ReplicationSettingData.ClassName, present.Properties
            .Select(property => KeyValuePair.Create(property.Key, changed.GetValueOrDefault(property.Key, property.Value)))));
        var problem = Problem(call, given, result, relationship, external);
        refusal = problem is null ? null : OperationDecision.Refuse(ReturnCode.InvalidParameter, problem);
        return problem is null
            ? new SettingsChange(relationship, HostXml.Write(new CimInstance(path: null, ReplicationSettingData.ClassName, changed)))
            : null;
    }

    private static string? Problem(OperationCall call, ReplicationSettingData given, ReplicationSettingData result, int relationship, bool external)
    {
        var ranges = Ranges(result, external);
        return (result, given) switch
        {
            _ when ranges.Count > 0 => string.Join(' ', ranges),
            (_, { ReplicationProvider: { Length: > 0 } provider }) when References.Find<ReplicationProvider>(call.World, call.Model, provider) != ReplicationProviderClass.Used(call.World)
                => $"ReplicationProvider is '{provider}'; it must be the provider of the host's relationships",
            ({ ApplicationConsistentSnapshotInterval: > 0, RecoveryHistory: 0 }, _)
                => $"ApplicationConsistentSnapshotInterval is {result.ApplicationConsistentSnapshotInterval}; it must be 0 while RecoveryHistory is 0",
            (_, { IncludedDisks: { } disks }) when !AreDisksOf(call, disks) => "IncludedDisks must name disks of the machine, at least one",
            _ when call.World.Description.Platform == HostPlatform.WindowsServer2012 && result.ReplicationInterval != VirtualMachine.DefaultReplicationInterval
                => $"ReplicationInterval is {result.ReplicationInterval}; Windows Server 2012 supports 5 minutes only",
            _ when relationship == ChangedSettings.ExtendedRelationship && result.ReplicationInterval < Longer(call.Machine.ReplicationInterval)
                => $"ReplicationInterval is {result.ReplicationInterval}; for an extended relationship it must be 300 or 900 seconds and not less than the primary one's",
            _ => null,
        };
    }

    // What an external provider ignores is not range-checked either.
    private static IReadOnlyList<ReplicationSettingError> Ranges(ReplicationSettingData result, bool external) => new ReplicationSettingOverrides
    {
        AuthenticationType = external ? null : result.AuthenticationType,
        CertificateThumbPrint = external ? null : result.CertificateThumbPrint,
        RecoveryConnectionPoint = external ? null : result.RecoveryConnectionPoint,
        RecoveryServerPortNumber = external ? null : result.RecoveryServerPortNumber,
        ApplicationConsistentSnapshotInterval = result.ApplicationConsistentSnapshotInterval,
        RecoveryHistory = result.RecoveryHistory,
        AutoResynchronizeIntervalStart = result.AutoResynchronizeIntervalStart,
        AutoResynchronizeIntervalEnd = result.AutoResynchronizeIntervalEnd,
        ReplicationInterval = result.ReplicationInterval,
    }.Validate();

    // An extended relationship supports 300 and 900 seconds only.
    private static TimeSpan Longer(TimeSpan interval) => interval > VirtualMachine.DefaultReplicationInterval ? interval : VirtualMachine.DefaultReplicationInterval;

    // The documentation names disks by InstanceID, the in-box client by path.
    private static bool AreDisksOf(OperationCall call, IReadOnlyList<string?> disks)
        => disks.Count > 0 && disks.All(given => HardDiskClass.Of(call.Machine).Any(disk
            => string.Equals(HardDiskClass.InstanceIdOf(disk), given, StringComparison.OrdinalIgnoreCase) || References.Find<HardDisk>(call.World, call.Model, given) == disk));

    private static bool IsSame(object? a, object? b) => a is Array && b is Array
        ? StructuralComparisons.StructuralEqualityComparer.Equals(a, b)
        : Equals(a, b);
}
