using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Readiness;

/// <summary>Everything that the checks look at, read at one moment.</summary>
internal sealed record ReadinessFacts
{
    public required bool ServiceAvailable { get; init; }

    /// <summary>The host's name; null when its replication service does not tell.</summary>
    public string? HostName { get; init; }

    public required VirtualMachineId Id { get; init; }

    public VirtualMachine? VirtualMachine { get; init; }

    public IReadOnlyList<VirtualMachineId> OthersOfSameName { get; init; } = [];

    public IReadOnlyList<ConcreteJob> Jobs { get; init; } = [];

    public IReadOnlyList<string> TestReplicas { get; init; } = [];

    public IReadOnlyList<string> Checkpoints { get; init; } = [];

    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; init; } = [];

    public IReadOnlyList<VirtualHardDisk> Disks { get; init; } = [];

    /// <summary>Their files by path; null when the host has no service that reads them.</summary>
    public IReadOnlyDictionary<string, VirtualHardDiskFile>? DiskFiles { get; init; }

    /// <summary>The providers registered on the host; null when it does not have the class.</summary>
    public IReadOnlyList<ReplicationProvider>? Providers { get; init; }

    /// <summary>The certificate that replication authenticates with.</summary>
    public CertificateFacts Certificate { get; init; } = CertificateFacts.NotLookedAt("not looked at");

    /// <summary>The host as a replica server; null when it does not tell, or an external provider makes it of no account.</summary>
    public ReplicaServer? ReplicaServer { get; init; }

    /// <summary>Who may replicate to the host; null when it does not tell, or an external provider makes it of no account.</summary>
    public IReadOnlyList<string>? AllowedPrimaries { get; init; }

    /// <summary>The host's volumes; not asked for where no disk is known.</summary>
    public Told<IReadOnlyList<Volume>> Volumes { get; init; } = new(null, IsAbsent: true);

    /// <summary>What the failover cluster says.</summary>
    public Told<ClusterView> Cluster { get; init; } = new(null, IsAbsent: true);

    /// <summary>How the try to reach the primary side ended; null when there was none.</summary>
    public ConnectionTrial? PrimaryConnection { get; init; }
}

/// <summary>What is known of the certificate that the machine's replication authenticates with.</summary>
internal sealed record CertificateFacts
{
    /// <summary>Why there is no certificate to look at, in words; null when there was one to look for.</summary>
    public string? NotJudged { get; init; }

    public string Thumbprint { get; init; } = string.Empty;

    /// <summary>The certificate of that thumbprint; null when the host does not have it.</summary>
    public HostCertificate? Certificate { get; init; }

    /// <summary>How many certificates the host told.</summary>
    public int Told { get; init; }

    /// <summary>How many of them could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>What the machine itself says of the certificate; null where it is not asked.</summary>
    public CertificateTrust? Trust { get; init; }

    public static CertificateFacts NotLookedAt(string why) => new() { NotJudged = why };
}
