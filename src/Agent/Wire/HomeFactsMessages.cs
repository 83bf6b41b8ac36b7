using Google.Protobuf.WellKnownTypes;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Volumes;
using Contract = HostAgent.Contracts.Failback.V1;

namespace HostAgent.Agent.Wire;

/// <summary>Writes the facts before a return as a message, and reads the connection that a caller names for them.</summary>
internal static class HomeFactsMessages
{
    /// <summary>The most characters of each text. A host decides how long its names and paths are, and the other side refuses what is longer.</summary>
    public const int LongestText = 1024;

    private const int LongestName = 256;
    private const int LongestThumbprint = 128;

    /// <summary>The other side as a caller names it; null when it does not.</summary>
    public static ReplicaConnection? Read(Contract.PeerConnection? peer, FieldErrors errors)
    {
        if (peer is null)
        {
            return null;
        }

        if (peer.ConnectionPoint.Length is 0 or > LongestName)
        {
            errors.Add("peer.connection_point", $"has {peer.ConnectionPoint.Length} characters; it must have 1 to {LongestName}");
        }

        if (peer.Port is 0 or > ushort.MaxValue)
        {
            errors.Add("peer.port", $"is {peer.Port}; it must be 1 to {ushort.MaxValue}");
        }

        if (peer.AuthenticationType is not (Contract.AuthenticationType.Kerberos or Contract.AuthenticationType.Certificate))
        {
            errors.Add("peer.authentication_type", $"is {peer.AuthenticationType:D}; it must be KERBEROS or CERTIFICATE");
        }

        if (peer.CertificateThumbprint.Length > LongestThumbprint || (peer.CertificateThumbprint.Length == 0 && peer.AuthenticationType == Contract.AuthenticationType.Certificate))
        {
            errors.Add("peer.certificate_thumbprint", $"has {peer.CertificateThumbprint.Length} characters; it may have at most {LongestThumbprint}, and at least one with CERTIFICATE");
        }

        return new ReplicaConnection(
            peer.ConnectionPoint, (int)Math.Min(peer.Port, ushort.MaxValue), (AuthenticationType)(int)peer.AuthenticationType,
            peer.CertificateThumbprint.Length == 0 ? null : peer.CertificateThumbprint, peer.BypassProxyServer);
    }

    /// <summary>The facts.</summary>
    public static Contract.HomeFacts Of(HomeFacts facts)
    {
        var message = new Contract.HomeFacts
        {
            VirtualMachineId = facts.Id.ToString(),
            Clock = facts.Clock.ToTimestamp(),
            ReplicaServer = Of(facts.ReplicaServer),
            AllowedPrimaries = Of(facts.AllowedPrimaries),
            SupportedVersions = Of(facts.SupportedVersions),
            Switches = Of(facts.Switches),
            Volumes = facts.Volumes is { } volumes ? new Contract.HomeVolumes { Items = { Bounded(volumes, Of) } } : null,
            Connection = Of(facts.Connection),
            Certificates = facts.Certificates is { } certificates ? new Contract.HomeCertificates { Items = { Bounded(certificates, Of) } } : null,
            Machine = Of(facts.Machine),
            Unread = { Bounded(facts.Unread, unread => new Contract.UnreadFact { Subject = Text(unread.Subject), Why = Text(unread.Why) }) },
        };
        Set(facts.HostName, value => message.HostName = value);
        Set(facts.IsClusterNode, value => message.IsClusterNode = value);
        Set(facts.BrokerOnline, value => message.BrokerOnline = value);
        Set(facts.MinimumMacAddress, value => message.MinimumMacAddress = value);
        Set(facts.MaximumMacAddress, value => message.MaximumMacAddress = value);
        Set(facts.FreeMemoryBytes, value => message.FreeMemoryBytes = value);
        return message;
    }

    private static Contract.HomeReplicaServer? Of(ReplicaServer? server)
    {
        if (server is null)
        {
            return null;
        }

        var message = new Contract.HomeReplicaServer { MonitoringInterval = server.MonitoringInterval?.ToDuration() };
        Set(server.Enabled, value => message.Enabled = value);
        Set(server.AllowedAuthenticationType, value => message.AllowedAuthentication = value);
        Set(server.HttpPort, value => message.HttpPort = value);
        Set(server.HttpsPort, value => message.HttpsPort = value);
        Set(server.CertificateThumbPrint, value => message.CertificateThumbprint = value);
        return message;
    }

    private static Contract.HomeVolume Of(Volume volume)
    {
        var message = new Contract.HomeVolume { Name = Text(volume.Name), FreeBytes = volume.FreeBytes, CapacityBytes = volume.CapacityBytes };
        Set(volume.DeviceId, value => message.DeviceId = value);
        return message;
    }

    private static Contract.HomeConnection? Of(HomeConnection? connection)
    {
        if (connection is null)
        {
            return null;
        }

        var message = new Contract.HomeConnection { Target = Text(connection.Target), Port = connection.Port, Observed = Text(connection.Observed) };
        Set(connection.Reached, value => message.Reached = value);
        return message;
    }

    private static Contract.HomeCertificate Of(HomeCertificate certificate)
    {
        var message = new Contract.HomeCertificate
        {
            Thumbprint = Text(certificate.Thumbprint),
            NotBefore = certificate.NotBefore?.ToTimestamp(),
            NotAfter = certificate.NotAfter?.ToTimestamp(),
        };
        Set(certificate.Subject, value => message.Subject = value);
        return message;
    }

    private static Contract.HomeMachine? Of(HomeMachine? machine)
    {
        if (machine is null)
        {
            return null;
        }

        var message = new Contract.HomeMachine
        {
            Name = Text(machine.Name),
            EnabledState = (int)machine.EnabledState,
            ReplicationMode = (int)machine.Mode,
            ReplicationState = (int)machine.State,
            Replication = Of(machine.Replication),
            Adapters = machine.Adapters is { } adapters ? new Contract.HomeAdapters { Items = { Bounded(adapters, Of) } } : null,
            Disks = machine.Disks is { } disks ? new Contract.HomeDisks { Items = { Bounded(disks, Of) } } : null,
            MountedMedia = Of(machine.MountedMedia),
            Devices = machine.Devices is { } devices
                ? new Contract.HomeDevices { Items = { Bounded(devices, device => new Contract.HomeDevice { Kind = Text(device.Kind), Name = Text(device.Name), HoldsData = device.HoldsData }) } }
                : null,
            Checkpoints = Of(machine.Checkpoints),
        };
        Set((int?)machine.OperationInProgress, value => message.OperationInProgress = value);
        Set(machine.Version, value => message.Version = value);
        Set(machine.Generation, value => message.Generation = value);
        Set(machine.SecureBootEnabled, value => message.SecureBootEnabled = value);
        Set(machine.SecureBootTemplate, value => message.SecureBootTemplate = value);
        Set(machine.ShutdownAction, value => message.ShutdownAction = value);
        Set(machine.TpmEnabled, value => message.TpmEnabled = value);
        Set(machine.Shielded, value => message.Shielded = value);
        Set(machine.StartupMemoryBytes, value => message.StartupMemoryBytes = value);
        Set(machine.DynamicMemory, value => message.DynamicMemory = value);
        Set(machine.ShutdownService, value => message.ShutdownService = value);
        Set(machine.DataExchangeService, value => message.DataExchangeService = value);
        return message;
    }

    private static Contract.HomeReplication? Of(HomeReplication? replication)
    {
        if (replication is null)
        {
            return null;
        }

        var message = new Contract.HomeReplication();
        Set(replication.IsExternal, value => message.IsExternal = value);
        Set((int?)replication.Authentication, value => message.Authentication = value);
        Set(replication.CertificateThumbprint, value => message.CertificateThumbprint = value);
        Set(replication.OwnHost, value => message.OwnHost = value);
        Set(replication.OwnConnectionPoint, value => message.OwnConnectionPoint = value);
        Set(replication.PeerHost, value => message.PeerHost = value);
        Set(replication.PeerConnectionPoint, value => message.PeerConnectionPoint = value);
        Set(replication.Interval, value => message.Interval = value);
        Set(replication.RecoveryHistory, value => message.RecoveryHistory = value);
        Set(replication.ApplicationConsistentInterval, value => message.ApplicationConsistentInterval = value);
        return message;
    }

    private static Contract.HomeAdapter Of(HomeAdapter adapter)
    {
        var message = new Contract.HomeAdapter { Id = Text(adapter.Id), Name = Text(adapter.Name), RequiredFeatures = { Bounded(adapter.RequiredFeatures, Text) } };
        Set(adapter.MacAddress, value => message.MacAddress = value);
        Set(adapter.StaticMacAddress, value => message.StaticMacAddress = value);
        Set(adapter.Switch, value => message.Switch = value);
        Set(adapter.Vlan, value => message.Vlan = value);
        Set(adapter.AccessControls, value => message.AccessControls = value);
        Set(adapter.IovWeight, value => message.IovWeight = value);
        Set(adapter.HasFailoverAddress, value => message.HasFailoverAddress = value);
        return message;
    }

    private static Contract.HomeDisk Of(HomeDisk disk)
    {
        var message = new Contract.HomeDisk { Place = Text(disk.Place), Path = Text(disk.Path), Replicated = disk.Replicated };
        Set(disk.Bytes, value => message.Bytes = value);
        Set(disk.Shared, value => message.Shared = value);
        return message;
    }

    private static Contract.TextList? Of(IReadOnlyList<string>? texts) => texts is null ? null : new Contract.TextList { Items = { Bounded(texts, Text) } };

    private static IEnumerable<TMessage> Bounded<T, TMessage>(IReadOnlyList<T> items, Func<T, TMessage> write) => items.Take(HomeFacts.MostItems).Select(write);

    private static string Text(string text) => text.Length <= LongestText ? text : $"{text.AsSpan(0, LongestText - 1)}…";

    private static void Set(string? value, Action<string> set)
    {
        if (value is not null)
        {
            set(Text(value));
        }
    }

    private static void Set<T>(T? value, Action<T> set)
        where T : struct
    {
        if (value is { } known)
        {
            set(known);
        }
    }
}
