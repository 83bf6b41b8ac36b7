using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods.Server;

/// <summary>The authorization entry methods. On a cluster node the entries belong to the broker and the methods are not supported.</summary>
internal static class AuthorizationRules
{
    public static ServerDecision Add(HostWorld world, IReadOnlyDictionary<string, object?> inputs)
    {
        if (Read(inputs, whole: true, out var refused) is not { } given)
        {
            return refused!;
        }

        return world.Server.Find(given.Name) is null
            ? With(world, [.. world.Server.Entries, given.Over(former: null)])
            : ServerDecision.Refuse(ReturnCode.InvalidParameter, $"there is an entry for '{given.Name}' already");
    }

    public static ServerDecision Modify(HostWorld world, IReadOnlyDictionary<string, object?> inputs)
    {
        if (Read(inputs, whole: false, out var refused) is not { } given)
        {
            return refused!;
        }

        return world.Server.Find(given.Name) is { } former
            ? With(world, [.. world.Server.Entries.Select(entry => entry == former ? given.Over(former) : entry)])
            : NoEntry(given.Name);
    }

    public static ServerDecision Remove(HostWorld world, IReadOnlyDictionary<string, object?> inputs)
    {
        var name = inputs.GetValueOrDefault("AllowedPrimaryHostSystem") as string ?? string.Empty;
        if (world.Server.Find(name) is not { } entry)
        {
            return NoEntry(name);
        }

        var remaining = world.Server.Entries.Where(other => other != entry).ToList();
        return With(world, remaining) with { Stopped = [.. world.VirtualMachines.Where(machine => IsStopped(world, machine, remaining)).Select(machine => machine.Id)] };
    }

    private static AuthorizationEntryArgument? Read(IReadOnlyDictionary<string, object?> inputs, bool whole, out ServerDecision? refused)
    {
        var entry = AuthorizationEntryArgument.Read(inputs.GetValueOrDefault("AuthorizationEntry") as string, whole, out var refusal);
        refused = refusal is null ? null : ServerDecision.Refuse(refusal.Code, refusal.Reason);
        return entry;
    }

    private static ServerDecision With(HostWorld world, IReadOnlyList<SimulatedAuthorizationEntry> entries)
        => ServerDecision.Accept(world.Server.State with { Entries = entries });

    private static ServerDecision NoEntry(string name) => ServerDecision.Refuse(ReturnCode.InvalidParameter, $"there is no entry for '{name}'");

    private static bool IsStopped(HostWorld world, VirtualMachine machine, List<SimulatedAuthorizationEntry> remaining)
        => machine is
        {
            Mode: ReplicationMode.Replica,
            ReplicationState: ReplicationState.WaitingToCompleteInitialReplication or ReplicationState.Replicating or ReplicationState.Resynchronizing
        }
            && world.Server.EntryOf(machine) is not null && world.Server.EntryOf(machine, remaining) is null;
}

/// <summary>The argument AuthorizationEntry: an embedded Msvm_ReplicationAuthorizationSettingData.</summary>
/// <param name="Name">Its AllowedPrimaryHostSystem.</param>
/// <param name="TrustGroup">The group; null when the text omits it.</param>
/// <param name="ReplicaStorageLocation">The folder; null when the text omits it.</param>
internal sealed record AuthorizationEntryArgument(string Name, string? TrustGroup, string? ReplicaStorageLocation)
{
    private static readonly CimClass Declaration = new(AuthorizationEntryClass.ClassName,
    [
        new("InstanceID", CimType.String), new("Caption", CimType.String), new("Description", CimType.String), new("ElementName", CimType.String),
        new("AllowedPrimaryHostSystem", CimType.String), new("TrustGroup", CimType.String), new("ReplicaStorageLocation", CimType.String),
    ]);

    /// <summary>The entry after applying the argument to the former one, or a new one.</summary>
    public SimulatedAuthorizationEntry Over(SimulatedAuthorizationEntry? former) => new(former?.AllowedPrimaryHostSystem ?? Name)
    {
        TrustGroup = TrustGroup ?? former!.TrustGroup,
        ReplicaStorageLocation = ReplicaStorageLocation ?? former!.ReplicaStorageLocation,
    };

    /// <summary>Reads the argument; null with a refusal.</summary>
    /// <param name="text">The text.</param>
    /// <param name="whole">Whether it must be complete.</param>
    /// <param name="refusal">Why it is refused.</param>
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
        _ when !EstateLimits.IsPrimaryHostSystem(Name) => $"AllowedPrimaryHostSystem is '{Name}'; it must be {EstateLimits.PrimaryHostSystem}",
        { TrustGroup: "" } => "TrustGroup is empty",
        { TrustGroup: null } when whole => "TrustGroup is missing",
        { ReplicaStorageLocation: var folder } when (folder is not null || whole) && !WindowsPath.IsWhole(folder)
            => $"ReplicaStorageLocation is '{folder}'; it must be an absolute Windows path",
        _ => null,
    };
}

/// <summary>Binds a replica to an authorization entry of the host.</summary>
internal static class AuthorizationOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } = [MachineOperation.OfReplicationService("SetAuthorizationEntry", Set)];

    private static OperationDecision Set(OperationCall call)
    {
        if (call.World.Description.Cluster is not null)
        {
            return OperationDecision.Refuse(ReturnCode.NotSupported, "the host is a cluster node; the call must be made on the cluster's replica broker");
        }

        if (call.Machine.Mode is not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica))
        {
            return Refusals.WrongMode(call.Machine);
        }

        var given = AuthorizationEntryArgument.Read(call.Inputs.GetValueOrDefault("AuthorizationEntry") as string, whole: false, out var refusal);
        return given switch
        {
            null => refusal!,
            _ when call.World.Server.Find(given.Name) is { } entry => OperationDecision.Start(
                JobType.ModifyReplicationRelationship, OperationPlans.Timed(call.Machine, 1, new MachineChange { AuthorizationEntry = entry.AllowedPrimaryHostSystem })),
            _ => OperationDecision.Refuse(ReturnCode.InvalidParameter, $"there is no entry for '{given.Name}'"),
        };
    }
}
