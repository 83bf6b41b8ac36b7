using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Replication;

/// <summary>
/// A typed <c>Msvm_ReplicationSettingData</c> instance. The whole instance is kept, so that properties unknown to this product
/// reach the host unchanged when the settings are sent back.
/// </summary>
public sealed class ReplicationSettingData
{
    /// <summary>The class's name.</summary>
    public const string ClassName = "Msvm_ReplicationSettingData";

    /// <summary>The <c>VirtualSystemType</c> of every instance.</summary>
    public const string ReplicaSystemType = "Microsoft:Hyper-V:Replica";

    /// <summary>Wraps an instance.</summary>
    /// <exception cref="CimDataException">It is of another class, or a property does not have the declared type.</exception>
    public ReplicationSettingData(CimInstance instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ReplicationSettingClass.Check(instance);
        Instance = instance;
    }

    /// <summary>The class declaration: every property of its own with its type, and the inherited ones that have a value.</summary>
    public static CimClass Declaration => ReplicationSettingClass.Declaration;

    /// <summary>The instance itself.</summary>
    public CimInstance Instance { get; }

    /// <summary>The key, <c>Microsoft:&lt;GUID&gt;\HVR\&lt;0 or 1&gt;</c>.</summary>
    public string? InstanceId => Instance.GetString("InstanceID");

    /// <summary>The machine's display name.</summary>
    public string? ElementName => Instance.GetString("ElementName");

    /// <summary>The machine's GUID.</summary>
    public string? VirtualSystemIdentifier => Instance.GetString("VirtualSystemIdentifier");

    /// <summary>Always <see cref="ReplicaSystemType"/> on a host.</summary>
    public string? VirtualSystemType => Instance.GetString("VirtualSystemType");

    /// <summary>How the two sides authenticate.</summary>
    public AuthenticationType? AuthenticationType => (AuthenticationType?)Instance.GetInteger("AuthenticationType");

    /// <summary>Thumbprint of the local certificate; empty for Kerberos.</summary>
    public string? CertificateThumbPrint => Instance.GetString("CertificateThumbPrint");

    /// <summary>Thumbprint of the root certificate (read-only).</summary>
    public string? RootCertificateThumbPrint => Instance.GetString("RootCertificateThumbPrint");

    /// <summary>Whether replication traffic is compressed.</summary>
    public bool? CompressionEnabled => Instance.GetBoolean("CompressionEnabled");

    /// <summary>Whether proxy servers are bypassed.</summary>
    public bool? BypassProxyServer => Instance.GetBoolean("BypassProxyServer");

    /// <summary>The name at which the replica is reached; the broker's client access point when clustered.</summary>
    public string? RecoveryConnectionPoint => Instance.GetString("RecoveryConnectionPoint");

    /// <summary>FQDN of the recovery node in use (read-only).</summary>
    public string? RecoveryHostSystem => Instance.GetString("RecoveryHostSystem");

    /// <summary>The name at which the primary is reached (read-only).</summary>
    public string? PrimaryConnectionPoint => Instance.GetString("PrimaryConnectionPoint");

    /// <summary>FQDN of the primary node in use (read-only).</summary>
    public string? PrimaryHostSystem => Instance.GetString("PrimaryHostSystem");

    /// <summary>Port of the replica's listener; usually 80 or 443.</summary>
    public int? RecoveryServerPortNumber => (int?)Instance.GetInteger("RecoveryServerPortNumber");

    /// <summary>Whether the host's key-value pairs are replicated.</summary>
    public bool? ReplicateHostKvpItems => Instance.GetBoolean("ReplicateHostKvpItems");

    /// <summary>Hours between application-consistent points; 0 is off.</summary>
    public int? ApplicationConsistentSnapshotInterval => (int?)Instance.GetInteger("ApplicationConsistentSnapshotInterval");

    /// <summary>Additional recovery points kept, 0 to 24.</summary>
    public int? RecoveryHistory => (int?)Instance.GetInteger("RecoveryHistory");

    /// <summary>The replicated disks: InstanceIDs of Msvm_StorageAllocationSettingData or their object paths; hosts use both.</summary>
    public IReadOnlyList<string?>? IncludedDisks => (string?[]?)Instance["IncludedDisks"];

    /// <summary>Whether resynchronisation starts automatically.</summary>
    public bool? AutoResynchronizeEnabled => Instance.GetBoolean("AutoResynchronizeEnabled");

    /// <summary>Start of the daily window for automatic resynchronisation, the host's local time.</summary>
    public TimeSpan? AutoResynchronizeIntervalStart => (TimeSpan?)Instance["AutoResynchronizeIntervalStart"];

    /// <summary>End of the daily window for automatic resynchronisation, the host's local time.</summary>
    public TimeSpan? AutoResynchronizeIntervalEnd => (TimeSpan?)Instance["AutoResynchronizeIntervalEnd"];

    /// <summary>Deprecated; always true on a host.</summary>
    public bool? EnableWriteOrderPreservationAcrossDisks => Instance.GetBoolean("EnableWriteOrderPreservationAcrossDisks");

    /// <summary>WMI path of the Msvm_ReplicationProvider.</summary>
    public string? ReplicationProvider => Instance.GetString("ReplicationProvider");

    /// <summary>Provider-defined free text.</summary>
    public string? AdditionalSettings => Instance.GetString("AdditionalSettings");

    /// <summary>30, 300 or 900 seconds.</summary>
    public TimeSpan? ReplicationInterval
        => Instance.GetInteger("ReplicationInterval") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>
    /// Whether a provider other than the in-box host-to-host one replicates the machine; null when the settings name none.
    /// The in-box one is identified by the GUID at the end of its path.
    /// </summary>
    public bool? IsExternalProvider => ReplicationProviderPath.IsExternal(ReplicationProvider);

    /// <summary>Reads embedded-instance text.</summary>
    /// <exception cref="CimXmlException">The text is not an instance.</exception>
    /// <exception cref="CimDataException">The instance is not replication settings.</exception>
    public static ReplicationSettingData Parse(string text) => new(CimXmlText.Read(text));

    /// <summary>These settings with some values replaced; everything else is unchanged.</summary>
    /// <exception cref="ArgumentException">A value is outside what Hyper-V allows; the message lists every such value.</exception>
    public ReplicationSettingData With(ReplicationSettingOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var errors = overrides.Validate();
        return errors.Count == 0
            ? new ReplicationSettingData(ReplicationSettingClass.Merge(Instance, overrides))
            : throw new ArgumentException(string.Join(' ', errors), nameof(overrides));
    }

    /// <summary>Why the settings cannot be written as method text, in one sentence; null when they can.</summary>
    public string? UnwritableReason
    {
        get
        {
            try
            {
                _ = ToEmbeddedText();
                return null;
            }
            catch (CimXmlException exception)
            {
                return exception.Message;
            }
        }
    }

    /// <summary>The settings as text for the replication service's methods.</summary>
    /// <exception cref="CimXmlException">A value cannot be written, for example because XML cannot represent a character.</exception>
    public string ToEmbeddedText() => CimXmlText.Write(Instance, Declaration);
}
