namespace HostAgent.Campaigns.Spec;

/// <summary>Values that replace those of a machine's own Msvm_ReplicationSettingData; null keeps the machine's own.</summary>
public sealed record ReplicationSettingsOverrides
{
    /// <summary>1 Kerberos, 2 certificate.</summary>
    public int? AuthenticationType { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Compresses what is sent.</summary>
    public bool? CompressionEnabled { get; init; }

    /// <summary>Goes around a proxy server.</summary>
    public bool? BypassProxyServer { get; init; }

    /// <summary>The name under which the other side is reached; at most 256 characters; never an IP address.</summary>
    public string? RecoveryConnectionPoint { get; init; }

    /// <summary>1 to 65535.</summary>
    public int? RecoveryServerPort { get; init; }

    /// <summary>Replicates the host's key-value pairs.</summary>
    public bool? ReplicateHostKvpItems { get; init; }

    /// <summary>0 (off) to 12 hours.</summary>
    public int? ApplicationConsistentSnapshotIntervalHours { get; init; }

    /// <summary>0 to 24 additional points.</summary>
    public int? RecoveryHistory { get; init; }

    /// <summary>Resynchronises by itself when needed.</summary>
    public bool? AutoResynchronizeEnabled { get; init; }

    /// <summary>Start of the time of day in which it may, less than 24 h.</summary>
    public TimeSpan? AutoResynchronizeIntervalStart { get; init; }

    /// <summary>End of the time of day in which it may, less than 24 h.</summary>
    public TimeSpan? AutoResynchronizeIntervalEnd { get; init; }

    /// <summary>30 s, 5 min or 15 min.</summary>
    public TimeSpan? ReplicationInterval { get; init; }

    /// <summary>Free text that the replication provider defines.</summary>
    public string? AdditionalSettings { get; init; }
}
