using HostAgent.HyperV.Certificates;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Disks;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.RecoveryPoints;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.HyperV.Volumes;

namespace HostAgent.HyperV.Readiness;

/// <summary>The input of all checks, read at one moment.</summary>
internal sealed record ReadinessFacts
{
    public required bool ServiceAvailable { get; init; }

    /// <summary>The host's name; null when its replication service does not report it.</summary>
    public string? HostName { get; init; }

    public required VirtualMachineId Id { get; init; }

    public VirtualMachine? VirtualMachine { get; init; }

    public IReadOnlyList<VirtualMachineId> OthersOfSameName { get; init; } = [];

    public IReadOnlyList<ConcreteJob> Jobs { get; init; } = [];

    public IReadOnlyList<string> TestReplicas { get; init; } = [];

    public IReadOnlyList<string> Checkpoints { get; init; } = [];

    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; init; } = [];

    public IReadOnlyList<VirtualHardDisk> Disks { get; init; } = [];

    /// <summary>Disk files by path; null when the host has no service that reads them.</summary>
    public IReadOnlyDictionary<string, VirtualHardDiskFile>? DiskFiles { get; init; }

    /// <summary>The providers registered on the host; null when the host does not have the class.</summary>
    public IReadOnlyList<ReplicationProvider>? Providers { get; init; }

    /// <summary>The certificate that replication authenticates with.</summary>
    public CertificateFacts Certificate { get; init; } = CertificateFacts.Unchecked("not checked");

    /// <summary>The host as a replica server; null when unknown, or not relevant because of an external provider.</summary>
    public ReplicaServer? ReplicaServer { get; init; }

    /// <summary>Servers that may replicate to the host; null when unknown, or not relevant because of an external provider.</summary>
    public IReadOnlyList<string>? AllowedPrimaries { get; init; }

    /// <summary>The host's volumes; not read when no disk is known.</summary>
    public Reading<IReadOnlyList<Volume>> Volumes { get; init; } = new(null, IsAbsent: true);

    /// <summary>The failover cluster.</summary>
    public Reading<ClusterView> Cluster { get; init; } = new(null, IsAbsent: true);

    /// <summary>The result of the connection test to the primary side; null when there was none.</summary>
    public ConnectionTrial? PrimaryConnection { get; init; }
}

/// <summary>What is known of the certificate that the machine's replication uses.</summary>
internal sealed record CertificateFacts
{
    /// <summary>Why there is no certificate to check; null when one was looked for.</summary>
    public string? NotChecked { get; init; }

    public string Thumbprint { get; init; } = string.Empty;

    /// <summary>The certificate with that thumbprint; null when the host does not have it.</summary>
    public HostCertificate? Certificate { get; init; }

    /// <summary>How many certificates the host listed.</summary>
    public int Total { get; init; }

    /// <summary>How many of them could not be read.</summary>
    public int Unreadable { get; init; }

    /// <summary>The machine's own check of the certificate; null when it was not made.</summary>
    public CertificateTrust? Trust { get; init; }

    public static CertificateFacts Unchecked(string why) => new() { NotChecked = why };
}
