using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.Operations;

namespace HostAgent.HyperV.Simulation.Internal.Server;

/// <summary>The argument AuthorizationEntry: an embedded Msvm_ReplicationAuthorizationSettingData.</summary>
/// <param name="Name">Its AllowedPrimaryHostSystem.</param>
/// <param name="TrustGroup">The group; null where the text leaves it out.</param>
/// <param name="ReplicaStorageLocation">The folder; null where the text leaves it out.</param>
internal sealed record AuthorizationEntryArgument(string Name, string? TrustGroup, string? ReplicaStorageLocation)
{
    private static readonly CimClass Declaration = new(AuthorizationEntryClass.ClassName,
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("AllowedPrimaryHostSystem", CimType.String), new("TrustGroup", CimType.String), new("ReplicaStorageLocation", CimType.String),
    ]);

    /// <summary>The entry that the argument makes of a former one, or a new one.</summary>
    public SimulatedAuthorizationEntry Over(SimulatedAuthorizationEntry? former) => new(former?.AllowedPrimaryHostSystem ?? Name)
    {
        TrustGroup = TrustGroup ?? former!.TrustGroup,
        ReplicaStorageLocation = ReplicaStorageLocation ?? former!.ReplicaStorageLocation,
    };

    /// <summary>Reads the argument; null with a refusal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="whole">Whether it must say everything.</param>
    /// <param name="refusal">Why it is not good.</param>
    public static AuthorizationEntryArgument? Read(string? text, bool whole, out OperationDecision? refusal)
    {
        if (EmbeddedArgument.Read(text, Declaration, out refusal) is not { } instance)
        {
            return null;
        }

        var entry = new AuthorizationEntryArgument(
            instance.GetString("AllowedPrimaryHostSystem") ?? string.Empty, instance.GetString("TrustGroup"), instance.GetString("ReplicaStorageLocation"));
        refusal = entry.FindError(whole) is { } error ? OperationDecision.Refuse(ReturnCode.InvalidParameter, error) : null;
        return refusal is null ? entry : null;
    }

    private string? FindError(bool whole) => this switch
    {
        _ when !EstateLimits.IsPrimaryHostSystem(Name) => $"AllowedPrimaryHostSystem is '{Name}', allowed is {EstateLimits.PrimaryHostSystem}",
        { TrustGroup: "" } => "TrustGroup is empty",
        { TrustGroup: null } when whole => "TrustGroup is missing",
        { ReplicaStorageLocation: var folder } when (folder is not null || whole) && !WindowsPath.IsWhole(folder)
            => $"ReplicaStorageLocation is '{folder}', allowed is a path from a drive or a share on",
        _ => null,
    };
}
