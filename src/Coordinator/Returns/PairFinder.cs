using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Inventory;
using HostAgent.Coordinator.Wire;
using HostAgent.HyperV.Cim;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Returns;

/// <summary>A machine and the two hosts of its return.</summary>
internal sealed record FoundPair(Guid Machine, string Name, string RecoveryHost, string HomeHost);

/// <summary>Finds the machine that is meant, and which of its hosts is home: by what was said, by what the hosts show, and by the inventory's sites.</summary>
internal sealed class PairFinder(AgentRegistry registry, EstateListing listing)
{
    /// <summary>Finds a machine with both of its hosts.</summary>
    /// <param name="machine">Its GUID, or a name that only it has.</param>
    /// <param name="recoveryHost">Where it runs; empty to be found.</param>
    /// <param name="homeHost">Where it returns to; empty to be found.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="RpcFailure">It cannot be told, and why.</exception>
    public async Task<FoundPair> FindAsync(string machine, string recoveryHost, string homeHost, CancellationToken cancellationToken)
    {
        var (recovery, home) = (Named(recoveryHost), Named(homeHost));
        if (recovery is not null && ReferenceEquals(recovery, home))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("home_host", $"is '{homeHost}', as recovery_host is; the two must be different hosts"));
        }

        var copies = await CopiesAsync(machine, recovery, home, cancellationToken);
        if (copies.Count == 0)
        {
            throw NotFound(machine);
        }

        if (copies.DistinctBy(copy => copy.Machine.Id).Count() > 1)
        {
            throw Ambiguous($"several machines have the name '{machine}': name one by its GUID", copies);
        }

        recovery ??= RecoveryOf(copies, home);
        if (recovery is null)
        {
            throw Ambiguous($"it cannot be told on which host '{machine}' is to be brought home from: name recovery_host and home_host", copies);
        }

        home ??= HomeOf(copies, recovery);
        return home is null
            ? throw Ambiguous($"it cannot be told to which host '{machine}' is to return from {recovery.Host.Name}: name home_host", copies)
            : new FoundPair(Guid.Parse(copies[0].Machine.Id), copies[0].Machine.Name, recovery.Host.Name, home.Host.Name);
    }

    /// <summary>Finds the replica of a machine.</summary>
    /// <param name="machine">Its GUID, or a name that only it has.</param>
    /// <param name="host">The host that has it; empty to be found.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="RpcFailure">It cannot be told, and why.</exception>
    public async Task<(Guid Machine, string Name, string Host)> FindReplicaAsync(string machine, string host, CancellationToken cancellationToken)
    {
        var named = Named(host);
        var copies = await CopiesAsync(machine, named, named, cancellationToken);
        if (copies.Count == 0)
        {
            throw NotFound(machine);
        }

        return copies.Where(copy => copy.Machine.ReplicationMode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica).ToList() switch
        {
            [var one] => (Guid.Parse(one.Machine.Id), one.Machine.Name, one.Connection.Host.Name),
            [] => throw CampaignFailures.Precondition(
                "NO_REPLICA", $"no host that answers has a replica of '{machine}'", ("found", string.Join(", ", copies.Select(copy => $"{copy.Machine.ReplicationMode} on {copy.Connection.Host.Name}")))),
            var several => throw Ambiguous($"several replicas have the name '{machine}': name one by its GUID, and its host", several),
        };
    }

    private AgentConnection? Named(string host) => host.Length == 0 ? null
        : registry.TryFind(host, out var connection) ? connection : throw CampaignFailures.HostNotFound(ResourceNames.Host(host));

    private async Task<List<Copy>> CopiesAsync(string machine, AgentConnection? recovery, AgentConnection? home, CancellationToken cancellationToken)
    {
        // Both hosts were named: no other one need be asked.
        IEnumerable<AgentConnection> asked = recovery is not null && home is not null ? new[] { recovery, home }.Distinct() : registry.ByName;
        var byId = Guid.TryParse(machine, out var id);
        var lists = asked.Select(async connection =>
        {
            try
            {
                return (await listing.ListRecentAsync(connection, cancellationToken))
                    .Where(one => byId ? Guid.TryParse(one.Id, out var own) && own == id : string.Equals(one.Name, machine, StringComparison.OrdinalIgnoreCase))
                    .Where(one => one.ReplicationMode != ReplicationMode.TestReplica)
                    .Select(one => new Copy(connection, one));
            }
            catch (RpcFailure)
            {
                // The failed call is recorded with the host: a home that is down is no reason not to begin.
                return [];
            }
        });
        return [.. (await Task.WhenAll(lists)).SelectMany(list => list)];
    }

    // The inventory's sites tell first: in the middle of a switch the copy at home is the one that was failed over. Where they do not, the copy that was failed over
    // is at the recovery site. A copy that is merely the only one in sight proves nothing: the other host may be down, and the return would go the wrong way.
    private AgentConnection? RecoveryOf(List<Copy> copies, AgentConnection? home)
    {
        var others = copies.Where(copy => copy.Connection != home).ToList();
        var bySite = others.Where(copy => registry.ByName.Any(other => IsHomeOf(other.Host, copy.Connection.Host)) && !registry.ByName.Any(other => IsHomeOf(copy.Connection.Host, other.Host))).ToList();
        var failedOver = others.Where(copy => copy.Machine is { ReplicationMode: ReplicationMode.Replica, ReplicationState: ReplicationState.Recovered or ReplicationState.Committed }).ToList();
        return bySite is [var one] ? one.Connection
            : failedOver is [var replica] && bySite.Count == 0 ? replica.Connection
            : home is not null && others is [var only] ? only.Connection
            : null;
    }

    private AgentConnection? HomeOf(List<Copy> copies, AgentConnection recovery)
    {
        var others = copies.Where(copy => copy.Connection != recovery).Select(copy => copy.Connection).ToList();
        if (others is [var only])
        {
            return only;
        }

        // The machine itself names the host that it came from.
        return copies.Find(copy => copy.Connection == recovery)?.Machine is { PrimaryHost: { Length: > 0 } name }
            ? registry.ByName.SingleOrDefault(connection => connection != recovery && ComputerName.IsOf(name, connection.Host.Name))
            : null;
    }

    private static bool IsHomeOf(InventoryHost home, InventoryHost recovery)
        => recovery.PrimarySite.Length > 0 && string.Equals(home.Site, recovery.PrimarySite, StringComparison.OrdinalIgnoreCase);

    private static RpcFailure NotFound(string machine)
        => new(Grpc.Core.StatusCode.NotFound, "VIRTUAL_MACHINE_NOT_FOUND", $"no host of the inventory that answers has a virtual machine '{Texts.VisibleText.Line(machine)}'")
        {
            Domain = CampaignFailures.Domain,
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["virtual_machine"] = machine },
        };

    private static RpcFailure Ambiguous(string message, List<Copy> copies) => CampaignFailures.Precondition(
        "MACHINE_AMBIGUOUS", message, ("candidates", string.Join(", ", copies.Select(copy => $"{copy.Machine.Name} {copy.Machine.Id} on {copy.Connection.Host.Name}"))));

    private sealed record Copy(AgentConnection Connection, VirtualMachine Machine);
}
