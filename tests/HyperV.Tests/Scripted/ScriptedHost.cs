using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Tests.Scripted;

/// <summary>A host with its own row, its replication service and whatever a test adds.</summary>
internal sealed class ScriptedHost
{
    public const string Name = "HV-WEST-01";
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    public ScriptedHost()
    {
        foreach (var name in new[]
        {
            HyperVClasses.ComputerSystem, HyperVClasses.ReplicationService, HyperVClasses.ReplicationServiceSettingData,
            HyperVClasses.ReplicationRelationship, HyperVClasses.ReplicationSettingData, HyperVClasses.ConcreteJob,
            HyperVClasses.StorageAllocationSettingData, HyperVClasses.ImageManagementService,
        })
        {
            Session.Declare(name);
        }

        Session.Add(new CimInstance(SystemPath(Name), HyperVClasses.ComputerSystem,
            [new("Name", Name), new("ElementName", Name), new("EnabledState", (ushort)2), new("OperationalStatus", new ushort[] { 2 })]));
        foreach (var (path, name) in new[] { (MachineScript.ExternalProvider, "7A1E9E8B-0000-4000-8000-000000000001"), (MachineScript.InBoxProvider, ReplicationProviderPath.InBoxProvider) })
        {
            Session.Add(new CimInstance(CimObjectPath.Parse(path), HyperVClasses.ReplicationProvider,
                [new("InstanceID", $@"Microsoft:{Name}\ReplicationProvider\{name}"), new("Name", name), new("ElementName", "provider " + name[..4])]));
        }

        Session.Add(new CimInstance(
            ServicePath, HyperVClasses.ReplicationService, [new("Name", "replicasvc"), new("SystemName", Name)]));
        Cluster.Declare(ClusterClasses.Resource);
        Windows.Declare(VolumeClasses.Volume);
        Host = new HyperVHost(Session, new FakeTimeProvider(Now));
    }

    public static CimObjectPath ServicePath { get; } = new(
        HyperVClasses.ReplicationService,
        [new("CreationClassName", HyperVClasses.ReplicationService), new("Name", "replicasvc"), new("SystemCreationClassName", HyperVClasses.ComputerSystem), new("SystemName", Name)],
        HyperVClasses.Namespace,
        Name);

    public ScriptedSession Session { get; } = new();

    /// <summary>The namespace of the cluster that the host is a node of, for a test that opens the door to it.</summary>
    public ScriptedSession Cluster { get; } = new(ClusterClasses.Namespace);

    /// <summary>Windows' own namespace, for a test that opens the door to it.</summary>
    public ScriptedSession Windows { get; } = new(VolumeClasses.Namespace);

    public HyperVHost Host { get; }

    public static CimObjectPath SystemPath(string name) => new(
        HyperVClasses.ComputerSystem,
        [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", name)],
        HyperVClasses.Namespace,
        Name);

    public static CimObjectPath JobPath(string id, string className = HyperVClasses.ConcreteJob)
        => CimObjectPath.ForKey(className, "InstanceID", id, HyperVClasses.Namespace, Name);

    public VirtualMachineId AddMachine(MachineScript script)
    {
        var path = SystemPath(script.Id.ToString());
        Session.Add(new CimInstance(path, HyperVClasses.ComputerSystem,
        [
            new("Name", script.Id.ToString()),
            new("ElementName", script.Name),
            new("EnabledState", (ushort)script.EnabledState),
            new("OperationalStatus", script.OperationalStatus),
            new("HealthState", script.HealthState),
            new("ReplicationMode", (ushort)script.Mode),
        ]));
        if (script.State is { } state)
        {
            AddRelationship(path, script, state, index: 0);
            if (script.HasSettings)
            {
                AddSettings(path, script);
            }
        }

        if (script.Extended)
        {
            AddRelationship(path, script, ReplicationState.Replicating, index: 1);
        }

        return script.Id;
    }

    /// <summary>Answers what the host is as a replica server.</summary>
    public void AddReplicaServer(bool? enabled, ushort? allowedAuthentication)
        => Session.Add(new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.ReplicationServiceSettingData, "InstanceID", $@"Microsoft:{Name}\Settings"), HyperVClasses.ReplicationServiceSettingData,
            [new("RecoveryServerEnabled", enabled), new("AllowedAuthenticationType", allowedAuthentication)]));

    /// <summary>Answers who may replicate to the host.</summary>
    public void AddAuthorizationEntries(params IReadOnlyList<string> names)
    {
        Session.Declare(HyperVClasses.ReplicationAuthorizationSettingData);
        foreach (var name in names)
        {
            Session.Add(new CimInstance(
                CimObjectPath.ForKey(HyperVClasses.ReplicationAuthorizationSettingData, "InstanceID", name), HyperVClasses.ReplicationAuthorizationSettingData,
                [new("AllowedPrimaryHostSystem", name)]));
        }
    }

    /// <summary>Adds a volume, its sizes in bytes.</summary>
    public void AddVolume(string name, ulong free, ulong capacity)
        => Windows.Add(new CimInstance(
            CimObjectPath.ForKey(VolumeClasses.Volume, "DeviceID", name, VolumeClasses.Namespace, Name), VolumeClasses.Volume,
            [new("Name", name), new("FreeSpace", free), new("Capacity", capacity)]));

    /// <summary>Adds a resource to the cluster.</summary>
    public void AddResource(string name, string type, ClusterResourceState state, string? owner, string? machine = null)
        => Cluster.Add(new CimInstance(
            CimObjectPath.ForKey(ClusterClasses.Resource, "Name", name, ClusterClasses.Namespace, Name), ClusterClasses.Resource,
            [
                new("Name", name),
                new("Type", type),
                new("State", (uint)state),
                new("OwnerNode", owner),
                new("PrivateProperties", machine is null ? null : new CimInstance(null, "MSCluster_Property", [new("VmID", machine)])),
            ]));

    public void AddPoint(VirtualMachineId machine, string id, string type, DateTimeOffset time, string? name = null)
        => Session.Associate(SystemPath(machine.ToString()), HyperVClasses.SnapshotOfVirtualSystem, new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", id), HyperVClasses.VirtualSystemSettingData,
            [
                new("InstanceID", id),
                new("ElementName", name ?? id),
                new("VirtualSystemType", type),
                new("CreationTime", time),
            ]));

    /// <summary>Attaches a disk to a machine, or to a checkpoint whose id is given in its place.</summary>
    /// <returns>The disk's InstanceID.</returns>
    public string AddDisk(VirtualMachineId owner, int place, string? path, params (string Name, object? Value)[] more)
    {
        var id = $@"Microsoft:{owner}\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\0\{place}\L";
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["InstanceID"] = id,
            ["ResourceType"] = (ushort)31,
            ["ResourceSubType"] = VirtualHardDisk.ResourceSubType,
            ["HostResource"] = path is null ? null : new[] { path },
        };
        foreach (var (name, value) in more)
        {
            properties[name] = value;
        }

        var disk = new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.StorageAllocationSettingData, "InstanceID", id, HyperVClasses.Namespace, Name), HyperVClasses.StorageAllocationSettingData, properties);
        Session.Add(disk);
        Session.Associate(
            CimObjectPath.ForKey(HyperVClasses.VirtualSystemSettingData, "InstanceID", $"Microsoft:{owner}"), HyperVClasses.VirtualSystemSettingDataComponent, disk);
        return id;
    }

    /// <summary>Adds the service that reads disk files.</summary>
    public void AddImageService(Func<string, CimMethodResult> read)
    {
        Session.Add(new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.ImageManagementService, "Name", "vhdmgmt", HyperVClasses.Namespace, Name),
            HyperVClasses.ImageManagementService, [new("Name", "vhdmgmt")]));
        Session.OnMethod(HyperVClasses.ImageManagementService, "GetVirtualHardDiskSettingData", (_, inputs) => read((string)inputs["Path"]!));
    }

    /// <summary>A disk file of a size, as a host tells it: embedded as text, or as an instance.</summary>
    public static CimMethodResult DiskFile(ulong bytes, bool asInstance = false)
    {
        var settings = new CimInstance(null, "Msvm_VirtualHardDiskSettingData", [new("MaxInternalSize", bytes), new("Type", (ushort)3)]);
        return new CimMethodResult(0, new Dictionary<string, object?> { ["SettingData"] = asInstance ? settings : CimXmlText.Write(settings) });
    }

    public CimInstance AddJob(VirtualMachineId? machine, string id, JobState state, params (string Name, object? Value)[] more)
    {
        var job = Job(id, state, HyperVClasses.ConcreteJob, more);
        Session.Add(job);
        if (machine is { } affected)
        {
            Session.Associate(SystemPath(affected.ToString()), HyperVClasses.AffectedJobElement, job);
        }

        return job;
    }

    public static CimInstance Job(string id, JobState state, string className, params (string Name, object? Value)[] more) => new(
        JobPath(id, className), className,
        new Dictionary<string, object?>(more.ToDictionary(m => m.Name, m => m.Value)) { ["InstanceID"] = id, ["JobState"] = (ushort)state });

    private void AddRelationship(CimObjectPath machine, MachineScript script, ReplicationState state, int index)
    {
        var id = $@"Microsoft:{script.Id}\HVR\{index}";
        var relationship = new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.ReplicationRelationship, "InstanceID", id, HyperVClasses.Namespace, Name),
            HyperVClasses.ReplicationRelationship,
            [
                new("InstanceID", id),
                new("ReplicationState", (ushort)state),
                new("ReplicationHealth", (ushort)script.Health),
                new("LastReplicationTime", script.LastReplicationTime),
                new("LastApplyTime", script.LastReplicationTime - script.ApplyLag),
            ]);
        Session.Add(relationship);
        Session.Associate(machine, HyperVClasses.SystemReplicationRelationship, relationship);
    }

    private void AddSettings(CimObjectPath machine, MachineScript script)
    {
        var id = $@"Microsoft:{script.Id}\HVR\0";
        var properties = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["InstanceID"] = id,
            ["ElementName"] = script.Name,
            ["VirtualSystemIdentifier"] = script.Id.ToString(),
            ["VirtualSystemType"] = ReplicationSettingData.ReplicaSystemType,
            ["AuthenticationType"] = (ushort)1,
            ["CompressionEnabled"] = true,
            ["PrimaryConnectionPoint"] = "hv-east-01.contoso.test",
            ["RecoveryConnectionPoint"] = "hv-west-01.contoso.test",
            ["RecoveryServerPortNumber"] = (ushort)80,
            ["RecoveryHistory"] = (ushort)4,
            ["IncludedDisks"] = new[] { @"Microsoft:disk\0", @"Microsoft:disk\1" },
            ["AutoResynchronizeIntervalStart"] = new TimeSpan(18, 30, 0),
            ["ReplicationInterval"] = (ushort)300,
            ["ReplicationProvider"] = script.Provider,
        };
        foreach (var (name, value) in script.Settings)
        {
            properties[name] = value;
        }

        var settings = new CimInstance(
            CimObjectPath.ForKey(HyperVClasses.ReplicationSettingData, "InstanceID", id, HyperVClasses.Namespace, Name),
            HyperVClasses.ReplicationSettingData, properties);
        Session.Add(settings);
        Session.Associate(machine, HyperVClasses.ElementSettingData, settings);
    }
}
