namespace HostAgent.HyperV.Replication;

/// <summary>Values that override a machine's own replication settings; null keeps the machine's value. Read-only properties are not included.</summary>
public sealed record ReplicationSettingOverrides
{
    /// <summary>How the two sides authenticate.</summary>
    public AuthenticationType? AuthenticationType { get; init; }

    /// <summary>Thumbprint of the local certificate, at most 128 characters; required for certificate authentication.</summary>
    public string? CertificateThumbPrint { get; init; }

    /// <summary>Compresses replication traffic.</summary>
    public bool? CompressionEnabled { get; init; }

    /// <summary>Bypasses proxy servers.</summary>
    public bool? BypassProxyServer { get; init; }

    /// <summary>The name at which the other side is reached; 1 to 256 characters; not an IP address.</summary>
    public string? RecoveryConnectionPoint { get; init; }

    /// <summary>1 to 65535; usually 80 (Kerberos) or 443 (certificate).</summary>
    public int? RecoveryServerPortNumber { get; init; }

    /// <summary>Replicates the host's key-value pairs.</summary>
    public bool? ReplicateHostKvpItems { get; init; }

    /// <summary>0 (off) to 12 hours.</summary>
    public int? ApplicationConsistentSnapshotInterval { get; init; }

    /// <summary>0 to 24 additional recovery points.</summary>
    public int? RecoveryHistory { get; init; }

    /// <summary>Resynchronises automatically when needed.</summary>
    public bool? AutoResynchronizeEnabled { get; init; }

    /// <summary>Start of the daily window for automatic resynchronisation, the host's local time; less than 24 hours.</summary>
    public TimeSpan? AutoResynchronizeIntervalStart { get; init; }

    /// <summary>End of the daily window for automatic resynchronisation, the host's local time; less than 24 hours.</summary>
    public TimeSpan? AutoResynchronizeIntervalEnd { get; init; }

    /// <summary>30, 300 or 900 seconds.</summary>
    public TimeSpan? ReplicationInterval { get; init; }

    /// <summary>Provider-defined free text.</summary>
    public string? AdditionalSettings { get; init; }

    /// <summary>Every value outside what Hyper-V allows; empty when all are valid.</summary>
    public IReadOnlyList<ReplicationSettingError> Validate() => ReplicationSettingRules.Check(this);
}

/// <summary>A replication setting with a value that Hyper-V does not allow.</summary>
/// <param name="Property">The property of <c>Msvm_ReplicationSettingData</c>.</param>
/// <param name="Value">The value, as text.</param>
/// <param name="Allowed">What is allowed, as a phrase.</param>
public sealed record ReplicationSettingError(string Property, string Value, string Allowed)
{
    /// <summary>The error as one sentence.</summary>
    public override string ToString() => $"{Property} is '{Value}'; it must be {Allowed}.";
}
