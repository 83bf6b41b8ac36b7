using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Replication;

/// <summary>
/// The published declaration of Msvm_ReplicationSettingData. Properties merely inherited from CIM_VirtualSystemSettingData are
/// normally empty and are not listed; they pass through with whatever type they have.
/// </summary>
internal static class ReplicationSettingClass
{
    public static CimClass Declaration { get; } = new(ReplicationSettingData.ClassName,
    [
        new("InstanceID", CimType.String),
        new("Caption", CimType.String),
        new("Description", CimType.String),
        new("ElementName", CimType.String),
        new("VirtualSystemIdentifier", CimType.String),
        new("VirtualSystemType", CimType.String),
        new("AuthenticationType", CimType.UInt16),
        new("CertificateThumbPrint", CimType.String),
        new("RootCertificateThumbPrint", CimType.String),
        new("CompressionEnabled", CimType.Boolean),
        new("BypassProxyServer", CimType.Boolean),
        new("RecoveryConnectionPoint", CimType.String),
        new("RecoveryHostSystem", CimType.String),
        new("PrimaryConnectionPoint", CimType.String),
        new("PrimaryHostSystem", CimType.String),
        new("RecoveryServerPortNumber", CimType.UInt16),
        new("ReplicateHostKvpItems", CimType.Boolean),
        new("ApplicationConsistentSnapshotInterval", CimType.UInt16),
        new("RecoveryHistory", CimType.UInt16),
        new("IncludedDisks", CimType.String, IsArray: true),
        new("AutoResynchronizeEnabled", CimType.Boolean),
        new("AutoResynchronizeIntervalStart", CimType.DateTime),
        new("AutoResynchronizeIntervalEnd", CimType.DateTime),
        new("EnableWriteOrderPreservationAcrossDisks", CimType.Boolean),
        new("ReplicationProvider", CimType.String),
        new("AdditionalSettings", CimType.String),
        new("ReplicationInterval", CimType.UInt16),
    ]);

    // Declared as datetime but used as intervals: a point in time makes no sense as a time of day.
    private static readonly string[] Intervals = ["AutoResynchronizeIntervalStart", "AutoResynchronizeIntervalEnd"];

    public static void Check(CimInstance instance)
    {
        if (!string.Equals(instance.ClassName, Declaration.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimDataException(instance.ClassName, property: null, $"expected an instance of {Declaration.Name}");
        }

        foreach (var (name, value) in instance.Properties)
        {
            if (value is null || Declaration.Find(name) is not { } declared)
            {
                continue;
            }

            var type = CimValues.TypeOf(value, out var isArray);
            if (type != declared.Type || isArray != declared.IsArray)
            {
                throw new CimDataException(
                    instance.ClassName, name, $"it is a {value.GetType().Name}, the class declares {CimValues.NameOf(declared.Type)}{(declared.IsArray ? "[]" : "")}");
            }

            if (value is DateTimeOffset && Intervals.Contains(declared.Name, StringComparer.Ordinal))
            {
                throw new CimDataException(instance.ClassName, name, "it is a point in time, expected an interval");
            }
        }
    }

    public static CimInstance Merge(CimInstance instance, ReplicationSettingOverrides overrides)
    {
        var properties = new Dictionary<string, object?>(instance.Properties, StringComparer.OrdinalIgnoreCase);

        void Set(string name, object? value)
        {
            if (value is not null)
            {
                properties[name] = value;
            }
        }

        Set("AuthenticationType", (ushort?)overrides.AuthenticationType);
        Set("CertificateThumbPrint", overrides.CertificateThumbPrint);
        Set("CompressionEnabled", overrides.CompressionEnabled);
        Set("BypassProxyServer", overrides.BypassProxyServer);
        Set("RecoveryConnectionPoint", overrides.RecoveryConnectionPoint);
        Set("RecoveryServerPortNumber", (ushort?)overrides.RecoveryServerPortNumber);
        Set("ReplicateHostKvpItems", overrides.ReplicateHostKvpItems);
        Set("ApplicationConsistentSnapshotInterval", (ushort?)overrides.ApplicationConsistentSnapshotInterval);
        Set("RecoveryHistory", (ushort?)overrides.RecoveryHistory);
        Set("AutoResynchronizeEnabled", overrides.AutoResynchronizeEnabled);
        Set("AutoResynchronizeIntervalStart", overrides.AutoResynchronizeIntervalStart);
        Set("AutoResynchronizeIntervalEnd", overrides.AutoResynchronizeIntervalEnd);
        Set("ReplicationInterval", (ushort?)overrides.ReplicationInterval?.TotalSeconds);
        Set("AdditionalSettings", overrides.AdditionalSettings);
        return new CimInstance(instance.Path, instance.ClassName, properties);
    }
}
