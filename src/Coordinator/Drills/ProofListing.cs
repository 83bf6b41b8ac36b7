using System.Runtime.InteropServices;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Drills;

/// <summary>A machine that was tested, or that has a replica to test.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Name">Its name, when a host shows it now; otherwise empty.</param>
/// <param name="Host">The host that keeps its replica now; empty when none shows it.</param>
/// <param name="State">Whether it is proved that its replica boots.</param>
internal sealed record ListedProof(Guid Machine, string Name, string Host, ProofState State);

/// <summary>Machines by their ids, and the hosts that could not be asked for theirs.</summary>
internal sealed record ListedProofs(IReadOnlyList<ListedProof> Machines, IReadOnlyList<string> SilentHosts);

/// <summary>Which machines are proved to boot, which no longer are and which never were: the stored dates against the replicas that the hosts show now.</summary>
internal sealed class ProofListing(ProofTable table, AgentRegistry registry, EstateListing listing, TimeProvider time)
{
    /// <summary>Lists machines by their ids.</summary>
    /// <param name="states">Only those in one of these states; empty for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ListedProofs> ListAsync(IReadOnlySet<ProofState> states, CancellationToken cancellationToken)
    {
        var (dates, now) = ((await table.DatesAsync(cancellationToken)).ToDictionary(dates => dates.Machine), time.GetUtcNow());
        var (replicas, silent) = await ReplicasAsync(cancellationToken);
        var all = dates.Keys.Union(replicas.Keys).Order().Select(machine =>
        {
            var shown = replicas.GetValueOrDefault(machine);
            return new ListedProof(machine, shown.Name ?? "", shown.Host ?? "", StateOf(dates.GetValueOrDefault(machine), now));
        });

        // A machine whose replica is gone from every host needs no proof; one that a silent host may still have does.
        var wanted = all.Where(machine => states.Count == 0 || (states.Contains(machine.State) && (machine.Host.Length > 0 || silent.Count > 0)));
        return new ListedProofs([.. wanted], silent);
    }

    /// <summary>Whether it is proved at a time that a replica boots.</summary>
    public static ProofState StateOf(ProofDates? dates, DateTimeOffset now) => dates switch
    {
        { Failed: { } failed } when !(dates.Passed > failed) => ProofState.Failed,
        { ValidUntil: { } until } => until > now ? ProofState.Valid : ProofState.Expired,
        _ => ProofState.Missing,
    };

    private async Task<(IReadOnlyDictionary<Guid, Replica> Replicas, IReadOnlyList<string> Silent)> ReplicasAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(registry.ByName.Select(async connection =>
        {
            try
            {
                return (connection.Host.Name, Machines: (IReadOnlyList<VirtualMachine>?)await listing.ListRecentAsync(connection, cancellationToken));
            }
            catch (RpcFailure)
            {
                // The failed call is recorded with the host, and the answer names it.
                return (connection.Host.Name, null);
            }
        }));
        var replicas = new Dictionary<Guid, Replica>();
        foreach (var (host, machines) in lists)
        {
            foreach (var machine in machines ?? [])
            {
                if (machine is { ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) }
                    && Guid.TryParse(machine.Id, out var id))
                {
                    replicas.TryAdd(id, new Replica(machine.Name, host));
                }
            }
        }

        return (replicas, [.. lists.Where(list => list.Machines is null).Select(list => list.Name)]);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Replica(string? Name, string? Host);
}
