using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;
using Contract = HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Agents;

/// <summary>Reads the facts before a return out of an agent's message: bounded and valid, or refused with the field that is not.</summary>
/// <param name="host">The host, for messages.</param>
internal sealed class HomeFactsReading(string host)
{
    private const int LongestText = 1024;

    /// <summary>Reads the facts.</summary>
    /// <param name="message">What the agent sent.</param>
    /// <param name="machine">The machine that was asked for.</param>
    /// <exception cref="Transport.RpcFailure">The message is not valid.</exception>
    public HomeFacts Read(Contract.HomeFacts message, VirtualMachineId machine)
    {
        ArgumentNullException.ThrowIfNull(message);
        Require(VirtualMachineId.TryParse(message.VirtualMachineId, out var id) && id == machine, "its facts before a return are not of the machine that was asked for");
        return new HomeFacts
        {
            Id = id,
            Clock = Time("clock", message.Clock) ?? throw Invalid("clock is missing"),
            HostName = message.HasHostName ? Text("host_name", message.HostName) : null,
            IsClusterNode = message.HasIsClusterNode ? message.IsClusterNode : null,
            BrokerOnline = message.HasBrokerOnline ? message.BrokerOnline : null,
            ReplicaServer = message.ReplicaServer is { } server ? Read(server) : null,
            AllowedPrimaries = Texts("allowed_primaries", message.AllowedPrimaries),
            SupportedVersions = Texts("supported_versions", message.SupportedVersions),
            MinimumMacAddress = message.HasMinimumMacAddress ? Text("minimum_mac_address", message.MinimumMacAddress) : null,
            MaximumMacAddress = message.HasMaximumMacAddress ? Text("maximum_mac_address", message.MaximumMacAddress) : null,
            FreeMemoryBytes = message.HasFreeMemoryBytes ? Size("free_memory_bytes", message.FreeMemoryBytes) : null,
            Switches = Texts("switches", message.Switches),
            Volumes = Items("volumes", message.Volumes?.Items, Read),
            Connection = message.Connection is { } connection ? Read(connection) : null,
            Certificates = Items("certificates", message.Certificates?.Items, Read),
            Machine = message.Machine is { } found ? Read(found) : null,
            Unread = Items("unread", message.Unread, unread => new UnreadFact(Text("unread.subject", unread.Subject), Text("unread.why", unread.Why)))!,
        };
    }

    private ReplicaServer Read(Contract.HomeReplicaServer server) => new(
        server.HasEnabled ? server.Enabled : null,
        server.HasAllowedAuthentication ? server.AllowedAuthentication : null,
        server.HasHttpPort ? server.HttpPort : null,
        server.HasHttpsPort ? server.HttpsPort : null,
        Span("replica_server.monitoring_interval", server.MonitoringInterval))
    {
        CertificateThumbPrint = server.HasCertificateThumbprint ? Text("replica_server.certificate_thumbprint", server.CertificateThumbprint) : null,
    };

    private Volume Read(Contract.HomeVolume volume) => new(
        Text("volumes.name", volume.Name),
        volume.HasDeviceId ? Text("volumes.device_id", volume.DeviceId) : null,
        Size("volumes.free_bytes", volume.FreeBytes),
        Size("volumes.capacity_bytes", volume.CapacityBytes));

    private HomeConnection Read(Contract.HomeConnection connection) => new(
        Text("connection.target", connection.Target), connection.Port, connection.HasReached ? connection.Reached : null, Text("connection.observed", connection.Observed));

    private HomeCertificate Read(Contract.HomeCertificate certificate) => new(
        Text("certificates.thumbprint", certificate.Thumbprint),
        certificate.HasSubject ? Text("certificates.subject", certificate.Subject) : null,
        Time("certificates.not_before", certificate.NotBefore),
        Time("certificates.not_after", certificate.NotAfter));

    private HomeMachine Read(Contract.HomeMachine machine) => new()
    {
        Name = Text("machine.name", machine.Name),
        EnabledState = (EnabledState)machine.EnabledState,
        OperationInProgress = machine.HasOperationInProgress ? (OperationalStatus)machine.OperationInProgress : null,
        Mode = (ReplicationMode)machine.ReplicationMode,
        State = (ReplicationState)machine.ReplicationState,
        Replication = machine.Replication is { } replication ? Read(replication) : null,
        Version = machine.HasVersion ? Text("machine.version", machine.Version) : null,
        Generation = machine.HasGeneration ? Text("machine.generation", machine.Generation) : null,
        SecureBootEnabled = machine.HasSecureBootEnabled ? machine.SecureBootEnabled : null,
        SecureBootTemplate = machine.HasSecureBootTemplate ? Text("machine.secure_boot_template", machine.SecureBootTemplate) : null,
        ShutdownAction = machine.HasShutdownAction ? machine.ShutdownAction : null,
        TpmEnabled = machine.HasTpmEnabled ? machine.TpmEnabled : null,
        Shielded = machine.HasShielded ? machine.Shielded : null,
        StartupMemoryBytes = machine.HasStartupMemoryBytes ? Size("machine.startup_memory_bytes", machine.StartupMemoryBytes) : null,
        DynamicMemory = machine.HasDynamicMemory ? machine.DynamicMemory : null,
        Adapters = Items("machine.adapters", machine.Adapters?.Items, Read),
        Disks = Items("machine.disks", machine.Disks?.Items, Read),
        MountedMedia = Texts("machine.mounted_media", machine.MountedMedia),
        Devices = Items(
            "machine.devices", machine.Devices?.Items, device => new HomeDevice(Text("machine.devices.kind", device.Kind), Text("machine.devices.name", device.Name), device.HoldsData)),
        Checkpoints = Texts("machine.checkpoints", machine.Checkpoints),
        ShutdownService = machine.HasShutdownService ? machine.ShutdownService : null,
        DataExchangeService = machine.HasDataExchangeService ? machine.DataExchangeService : null,
    };

    private HomeReplication Read(Contract.HomeReplication replication) => new()
    {
        IsExternal = replication.HasIsExternal ? replication.IsExternal : null,
        Authentication = replication.HasAuthentication ? (AuthenticationType)replication.Authentication : null,
        CertificateThumbprint = replication.HasCertificateThumbprint ? Text("machine.replication.certificate_thumbprint", replication.CertificateThumbprint) : null,
        OwnHost = replication.HasOwnHost ? Text("machine.replication.own_host", replication.OwnHost) : null,
        OwnConnectionPoint = replication.HasOwnConnectionPoint ? Text("machine.replication.own_connection_point", replication.OwnConnectionPoint) : null,
        PeerHost = replication.HasPeerHost ? Text("machine.replication.peer_host", replication.PeerHost) : null,
        PeerConnectionPoint = replication.HasPeerConnectionPoint ? Text("machine.replication.peer_connection_point", replication.PeerConnectionPoint) : null,
        Interval = replication.HasInterval ? replication.Interval : null,
        RecoveryHistory = replication.HasRecoveryHistory ? replication.RecoveryHistory : null,
        ApplicationConsistentInterval = replication.HasApplicationConsistentInterval ? replication.ApplicationConsistentInterval : null,
    };

    private HomeAdapter Read(Contract.HomeAdapter adapter) => new()
    {
        Id = Text("machine.adapters.id", adapter.Id),
        Name = Text("machine.adapters.name", adapter.Name),
        MacAddress = adapter.HasMacAddress ? Text("machine.adapters.mac_address", adapter.MacAddress) : null,
        StaticMacAddress = adapter.HasStaticMacAddress ? adapter.StaticMacAddress : null,
        Switch = adapter.HasSwitch ? Text("machine.adapters.switch", adapter.Switch) : null,
        Vlan = adapter.HasVlan ? Text("machine.adapters.vlan", adapter.Vlan) : null,
        AccessControls = adapter.HasAccessControls ? adapter.AccessControls : null,
        IovWeight = adapter.HasIovWeight ? adapter.IovWeight : null,
        RequiredFeatures = Items("machine.adapters.required_features", adapter.RequiredFeatures, feature => Text("machine.adapters.required_features", feature))!,
        HasFailoverAddress = adapter.HasHasFailoverAddress ? adapter.HasFailoverAddress : null,
    };

    private HomeDisk Read(Contract.HomeDisk disk) => new(
        Text("machine.disks.place", disk.Place),
        Text("machine.disks.path", disk.Path),
        disk.HasBytes ? Size("machine.disks.bytes", disk.Bytes) : null,
        disk.HasShared ? disk.Shared : null,
        disk.Replicated);

    private IReadOnlyList<string>? Texts(string field, Contract.TextList? list) => Items(field, list?.Items, text => Text(field, text));

    private IReadOnlyList<T>? Items<TMessage, T>(string field, RepeatedField<TMessage>? items, Func<TMessage, T> read)
    {
        Require(items is null || items.Count <= HomeFacts.MostItems, $"{field} has {items?.Count} items; at most {HomeFacts.MostItems} are allowed");
        return items is null ? null : [.. items.Select(read)];
    }

    private string Text(string field, string text)
    {
        Require(text.Length <= LongestText, $"{field} has {text.Length} characters; at most {LongestText} are allowed");
        return text;
    }

    private long Size(string field, long bytes)
    {
        Require(bytes >= 0, $"{field} is {bytes}; it must not be negative");
        return bytes;
    }

    private DateTimeOffset? Time(string field, Timestamp? time)
    {
        try
        {
            return time?.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"{field} is {time!.Seconds} s and {time.Nanos} ns, which is no time");
        }
    }

    private TimeSpan? Span(string field, Duration? duration)
    {
        try
        {
            return duration?.ToTimeSpan();
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException)
        {
            throw Invalid($"{field} is {duration!.Seconds} s and {duration.Nanos} ns, which is no duration");
        }
    }

    private void Require(bool holds, string finding)
    {
        if (!holds)
        {
            throw Invalid(finding);
        }
    }

    private Transport.RpcFailure Invalid(string finding) => AgentAnswers.Invalid(host, finding);
}
