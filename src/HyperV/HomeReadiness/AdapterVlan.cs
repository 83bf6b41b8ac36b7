using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>The VLAN of an adapter's connection in words, such as <c>access 12</c>: two of them are the same when their words are.</summary>
public static class AdapterVlan
{
    /// <summary>In place of the id of a VLAN: frames are not tagged.</summary>
    public const int NoId = 0;

    /// <summary>The highest id of a VLAN; the lowest is 1.</summary>
    public const int HighestId = 4094;

    /// <summary>Frames are not tagged.</summary>
    public const string Untagged = "untagged";

    internal const string ClassName = "Msvm_EthernetSwitchPortVlanSettingData";
    internal const uint AccessMode = 1;

    /// <summary>A VLAN in access mode.</summary>
    /// <param name="id">Its id, or <see cref="NoId"/>.</param>
    public static string Access(int id) => id == NoId ? Untagged : FormattableString.Invariant($"access {id}");

    // OperationMode 1 access, 2 trunk, 3 private [doc]; access without an id, and no setting at all, is untagged [code].
    internal static string Of(CimInstance? setting) => setting?.GetInteger("OperationMode") switch
    {
        AccessMode => Access((int)(setting.GetInteger("AccessVlanId") ?? NoId)),
        2 => FormattableString.Invariant($"trunk {string.Join("+", setting["TrunkVlanIdArray"] as ushort[] ?? [])} native {setting.GetInteger("NativeVlanId")}"),
        3 => FormattableString.Invariant($"private {setting.GetInteger("PrimaryVlanId")}/{setting.GetInteger("SecondaryVlanId")}"),
        _ => Untagged,
    };
}
