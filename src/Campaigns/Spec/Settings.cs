namespace HostAgent.Campaigns.Spec;

/// <summary>
/// What is asked of a machine before it is started. Whatever stands here, the agent makes its own checks immediately before each call
/// and refuses a machine that is not ready.
/// </summary>
public sealed record ReadinessSpec
{
    /// <summary>
    /// Whether the campaign has items checked before they start: once ahead, when it is planned, and again when an item's turn has come
    /// and there is no check that still counts. An item that is not ready is checked again as <see cref="RetrySpec"/> says.
    /// </summary>
    /// <value>The default is false: the agent's own checks are all.</value>
    public bool Required { get; init; }

    /// <summary>How old a check may be when an item starts on it.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Ids of checks that ask and that the campaign accepts; checks that block cannot be ignored.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}

/// <summary>Which point in time a machine goes back to.</summary>
/// <param name="Kind">The way to choose.</param>
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
