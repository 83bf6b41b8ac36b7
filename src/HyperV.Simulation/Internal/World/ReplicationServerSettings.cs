using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>What Msvm_ReplicationServiceSettingData holds.</summary>
internal sealed record ReplicationServerSettings
{
    public bool Enabled { get; init; }

    public RecoveryServerAuthentication AllowedAuthentication { get; init; }

    public string? CertificateThumbPrint { get; init; }

    public int HttpPort { get; init; }

    public int HttpsPort { get; init; }

    public TimeSpan MonitoringInterval { get; init; }

    /// <summary>The time of day, UTC, from which monitoring intervals are counted.</summary>
    public TimeSpan MonitoringStartTime { get; init; }
}
