using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Services;

/// <summary>
/// The methods that <c>Msvm_ReplicationService</c> declares (documentation of the class; unchanged in Windows Server 2019 and
/// later). A host rejects an argument with another name before the method runs.
/// </summary>
public static class ReplicationServiceMethods
{
    private static readonly CimParameter Job = new("Job", CimType.Reference, IsOutput: true);
    private static readonly CimParameter System = new("ComputerSystem", CimType.Reference);
    private static readonly CimParameter Settings = Text("ReplicationSettingData");
    private static readonly CimParameter Relationship = Text("ReplicationRelationship");
    private static readonly CimParameter Snapshot = new("SnapshotSettingData", CimType.Reference);
    private static readonly CimParameter Entry = Text("AuthorizationEntry");
    private static readonly CimParameter Start = new("StartTime", CimType.DateTime);
    private static readonly CimParameter Statistics = new("ReplicationStatistics", CimType.String, IsArray: true, IsOutput: true);
    private static readonly CimParameter HealthIssues = new("ReplicationHealthIssues", CimType.String, IsArray: true, IsOutput: true);

    /// <summary>Every method, by name.</summary>
    public static IReadOnlyList<CimMethod> All { get; } =
    [
        Method("AddAuthorizationEntry", Entry, Job),
        Method("ChangeReplicationModeToPrimary", System, Relationship, Job),
        Method("CommitFailover", System, Job),
        Method("CreateReplicationRelationship", System, Settings, Job),
        Method("GetReplicationStatistics", System, Statistics, HealthIssues, Job),
        Method("GetReplicationStatisticsEx", System, Relationship, Statistics, HealthIssues, Job),
        Method("GetSystemCertificates", new CimParameter("EncodedCertificates", CimType.String, IsArray: true, IsOutput: true)),
        Method("ImportInitialReplica", System, Text("InitialReplicationImportLocation"), Job),
        Method("InitiateFailback", System, Settings, Text("RecoveryPointIdentifier"), Job),
        Method("InitiateFailover", System, Snapshot, Job),
        Method("ModifyAuthorizationEntry", Entry, Job),
        Method("ModifyReplicationSettings", System, Settings, Job),
        Method("ModifyServiceSettings", Text("SettingData"), Job),
        Method("RemoveAuthorizationEntry", Text("AllowedPrimaryHostSystem"), Job),
        Method("RemoveReplicationRelationship", System, Job),
        Method("RemoveReplicationRelationshipEx", System, Relationship, Job),
        Method("RequestStateChange", new("RequestedState", CimType.UInt16), Job, new("TimeoutPeriod", CimType.DateTime)),
        Method("ResetReplicationStatistics", System, Job),
        Method("ResetReplicationStatisticsEx", System, Relationship, Job),
        Method("Resynchronize", System, Start, Job),
        Method("ReverseReplicationRelationship", System, Settings, Job),
        Method("RevertFailover", System, Job),
        Method("SetAuthorizationEntry", System, Entry, Job),
        Method("SetFailoverNetworkAdapterSettings", System, new("NetworkSettings", CimType.String, IsArray: true), Job),
        Method(
            "StartReplication", System, new("InitialReplicationType", CimType.UInt16), Text("InitialReplicationExportLocation"), Start, Job),
        Method("StartService"),
        Method("StopService"),
        Method("TestReplicaSystem", System, Snapshot, new("ResultingSystem", CimType.Reference, IsOutput: true), Job),
        Method(
            "TestReplicationConnection", Text("RecoveryConnectionPoint"), new("RecoveryServerPortNumber", CimType.UInt16),
            new("AuthenticationType", CimType.UInt16), Text("CertificateThumbPrint"), new("BypassProxyServer", CimType.Boolean), Job),
    ];

    /// <summary>The declaration of a method, or null when the service has no method of that name. Case does not matter.</summary>
    public static CimMethod? Find(string name) => All.FirstOrDefault(method => string.Equals(method.Name, name, StringComparison.OrdinalIgnoreCase));

    private static CimMethod Method(string name, params IReadOnlyList<CimParameter> parameters) => new(name, parameters);

    private static CimParameter Text(string name) => new(name, CimType.String);
}
