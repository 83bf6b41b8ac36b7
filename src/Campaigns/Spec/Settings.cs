namespace HostAgent.Campaigns.Spec;

/// <summary>
/// The readiness required of a machine before it starts. Whatever is set here, the agent makes its own checks immediately before each
/// call and refuses a machine that is not ready.
/// </summary>
public sealed record ReadinessSpec
{
    /// <summary>
    /// Whether the campaign checks items before they start: once when it is planned, and again when an item is next and has no
    /// check that is still valid. An item that is not ready is checked again as <see cref="RetrySpec"/> says.
    /// </summary>
    /// <value>The default is false: only the agent's own checks are made.</value>
    public bool Required { get; init; }

    /// <summary>The greatest age of a check when an item starts on it.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Ids of overridable checks that the campaign accepts; blocking checks cannot be ignored.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}

/// <summary>The recovery point that a machine is reverted to.</summary>
/// <param name="Kind">How it is chosen.</param>
/// <param name="At">The time; set exactly when the kind is <see cref="RecoveryPointKind.NotAfter"/>.</param>
public sealed record RecoveryPointChoice(RecoveryPointKind Kind, DateTimeOffset? At)
{
    /// <summary>The latest received state.</summary>
    public static RecoveryPointChoice Latest { get; } = new(RecoveryPointKind.Latest, null);
}

/// <summary>The ways to choose a recovery point.</summary>
public enum RecoveryPointKind
{
    /// <summary>The latest received state.</summary>
    Latest,

    /// <summary>The newest application-consistent point.</summary>
    LatestApplicationConsistent,

    /// <summary>The newest point that is not after a given time.</summary>
    NotAfter,
}

/// <summary>Values that override those of a machine's own Msvm_ReplicationSettingData; null keeps the machine's own.</summary>
public sealed record ReplicationSettingsOverrides
{
    /// <summary>1 Kerberos, 2 certificate.</summary>
    public int? AuthenticationType { get; init; }

    /// <summary>At most 128 characters.</summary>
    public string? CertificateThumbprint { get; init; }

    /// <summary>Whether replication traffic is compressed.</summary>
    public bool? CompressionEnabled { get; init; }

    /// <summary>Whether replication bypasses a proxy server.</summary>
    public bool? BypassProxyServer { get; init; }

    /// <summary>The name under which the other side is reached; at most 256 characters; not an IP address.</summary>
    public string? RecoveryConnectionPoint { get; init; }

    /// <summary>1 to 65535.</summary>
    public int? RecoveryServerPort { get; init; }

    /// <summary>Whether the host's key-value pairs are replicated.</summary>
    public bool? ReplicateHostKvpItems { get; init; }

    /// <summary>0 (off) to 12 hours.</summary>
    public int? ApplicationConsistentSnapshotIntervalHours { get; init; }

    /// <summary>0 to 24 additional points.</summary>
    public int? RecoveryHistory { get; init; }

    /// <summary>Whether replication resynchronises automatically when needed.</summary>
    public bool? AutoResynchronizeEnabled { get; init; }

    /// <summary>Start of the daily period for resynchronisation, less than 24 h.</summary>
    public TimeSpan? AutoResynchronizeIntervalStart { get; init; }

    /// <summary>End of the daily period for resynchronisation, less than 24 h.</summary>
    public TimeSpan? AutoResynchronizeIntervalEnd { get; init; }

    /// <summary>30 s, 5 min or 15 min.</summary>
    public TimeSpan? ReplicationInterval { get; init; }

    /// <summary>Free text defined by the replication provider.</summary>
    public string? AdditionalSettings { get; init; }
}
