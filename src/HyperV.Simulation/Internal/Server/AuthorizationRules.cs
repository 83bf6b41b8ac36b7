using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Server;

/// <summary>What the methods about authorization entries decide. On a node of a cluster they are the broker's, and not supported.</summary>
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
