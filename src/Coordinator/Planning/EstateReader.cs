using HostAgent.Campaigns;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Planning;

/// <summary>
/// Lists the hosts' virtual machines, several hosts at once and each with a deadline: the current list of hosts that a campaign selects,
/// and a recent list of the others, to find copies of the same machines.
/// </summary>
internal sealed class EstateReader(
    AgentRegistry registry, AgentClient calls, EstateListing listing, PrimarySiteCheck otherSide, MachineReturns returns, MachineHolds holds, CampaignRuns runs, IOptions<CoordinatorOptions> options)
{
    private static readonly IReadOnlyDictionary<Guid, string> NothingRuns = new Dictionary<Guid, string>();

    /// <summary>The current hosts; a selected host that could not be listed has the reason.</summary>
    /// <param name="spec">The document.</param>
    /// <param name="campaign">The resource name of the campaign being planned; its own items do not count as another campaign's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<EstateView> ReadAsync(CampaignSpec spec, string campaign, CancellationToken cancellationToken)
    {
        var hosts = new EstateHost[registry.ByName.Count];
        var others = runs.ItemsElsewhere(campaign);
        await Parallel.ForAsync(
            0,
            hosts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.ConcurrentHostCalls, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var connection = registry.ByName[index];
                var host = Describe(connection);
                hosts[index] = CampaignPlanner.Selects(spec, host)
                    ? await AskAsync(spec, connection, host, others, token)
                    : await ListRecentAsync(spec, connection, host, token);
            });
        return new EstateView(hosts);
    }

    private async Task<EstateHost> AskAsync(
        CampaignSpec spec, AgentConnection connection, EstateHost host, IReadOnlyDictionary<(Guid, string), string> others, CancellationToken cancellationToken)
    {
        try
        {
            var machines = await calls.ListAllVirtualMachinesAsync(connection, cancellationToken);
            var elsewhere = spec.TestFailover is not null || spec.Readiness.Ignore.Contains(PrimarySiteCheck.CheckId, StringComparer.Ordinal)
                ? NothingRuns
                : await otherSide.RunningAtAsync(host.PrimarySite, cancellationToken);
            var away = spec.HostToHost is not null && spec.PlannedDrill is null && !IsRecoveryOnly(host)
                ? await returns.AwayAtAsync(host.Name, machines.Where(machine => machine.ReplicationMode == ReplicationMode.Primary).Select(machine => Guid.Parse(machine.Id)), cancellationToken)
                : NobodyAway;
            return host with { VirtualMachines = [.. machines.Select(machine => Describe(spec, host, machine, elsewhere, others, away))] };
        }
        catch (RpcFailure failure)
        {
            return host with { UnreachableReason = failure.Message };
        }
    }

    // Nothing is selected here; the list only shows copies of selected machines.
    private async Task<EstateHost> ListRecentAsync(CampaignSpec spec, AgentConnection connection, EstateHost host, CancellationToken cancellationToken)
    {
        if (connection.Status.Reachability == Contracts.Campaigns.V1.Reachability.Unreachable)
        {
            return host;
        }

        try
        {
            var machines = await listing.ListRecentAsync(connection, cancellationToken);
            return host with { VirtualMachines = [.. machines.Select(machine => Describe(spec, host, machine, NothingRuns, Nobody, NobodyAway))] };
        }
        catch (RpcFailure)
        {
            // The call has already recorded the failure. A copy found later is held back by MachineHolds.
            return host;
        }
    }

    private static readonly IReadOnlySet<Guid> NobodyAway = new HashSet<Guid>();

    private static readonly IReadOnlyDictionary<(Guid, string), string> Nobody = new Dictionary<(Guid, string), string>();

    private static EstateHost Describe(AgentConnection connection) => new()
    {
        Name = connection.Host.Name,
        Site = connection.Host.Site,
        PrimarySite = connection.Host.PrimarySite,
        Tenant = connection.Host.Tenant,
        Labels = connection.Host.Labels,
    };

    private EstateVirtualMachine Describe(
        CampaignSpec spec, EstateHost host, VirtualMachine machine, IReadOnlyDictionary<Guid, string> elsewhere, IReadOnlyDictionary<(Guid, string), string> others, IReadOnlySet<Guid> away)
    {
        var id = Guid.Parse(machine.Id);
        return new EstateVirtualMachine
        {
            Id = id,
            Name = machine.Name,
            DiskBytes = machine.DiskBytes,
            // Two running copies are no reason to leave a machine out when both hosts are looked at: a person is asked which one is right.
            Conflict = spec.TestFailover is not null ? WhyNotNow(machine)
                : spec.PlannedDrill is not null ? WhyNotDrilledNow(machine)
                : !GoesOverTwoHosts(spec, machine) && elsewhere.TryGetValue(id, out var other) ? PrimarySiteCheck.Explain(other) : null,
            IneligibleReason = spec.PlannedDrill is not null ? WhyNotDrilled(machine)
                : GoesOverTwoHosts(spec, machine) ? WhyNotHostToHost(host, machine, away.Contains(id))
                : spec.TestFailover is not null ? WhyNotTested(machine)
                : spec.Strategy == Strategy.Auto && !machine.HasExternalProvider ? WhyNoStrategy(machine)
                : machine.Eligible ? null
                : machine.IneligibleReason.Length > 0 ? machine.IneligibleReason
                : "the agent reports that it cannot be failed back",
            Mode = machine.ReplicationMode switch
            {
                ReplicationMode.Replica => ReplicaMode.Replica,
                ReplicationMode.ExtendedReplica => ReplicaMode.ExtendedReplica,
                ReplicationMode.TestReplica => ReplicaMode.TestReplica,
                _ => ReplicaMode.Other,
            },
            PrimaryHost = machine.PrimaryHost,
            IsExternal = machine.HasExternalProvider ? machine.ExternalProvider : null,
            State = machine.ReplicationState.ToString(),
            LastReplication = machine.LastReplicationTime?.ToDateTimeOffset(),
            IsCritical = machine.ReplicationHealth == ReplicationHealth.Critical,
            IsHome = machine.ReplicationMode != ReplicationMode.Primary
                && machine.ReplicationState is ReplicationState.FailbackComplete or ReplicationState.FailbackInProgress,
            WentHome = holds.ElsewhereThan(id, host.Name),
            OtherCampaign = others.GetValueOrDefault((id, host.Name)),
        };
    }

    private static bool GoesOverTwoHosts(CampaignSpec spec, VirtualMachine machine)
        => spec.HostToHost is not null && (spec.Strategy != Strategy.Auto || machine is { HasExternalProvider: true, ExternalProvider: false });

    private static string WhyNoStrategy(VirtualMachine machine) => machine.ReplicationMode is ReplicationMode.None
        ? "it has no replication relationship"
        : "its host does not tell which provider replicates it: name the strategy, host-to-host or initiate-failback";

    // Production must run here: failed over from its home, or reversed towards it already. What else stands in the way shows when both hosts are read.
    private string? WhyNotHostToHost(EstateHost host, VirtualMachine machine, bool isAway) => machine switch
    {
        { ReplicationMode: ReplicationMode.Replica, ReplicationState: ReplicationState.Recovered or ReplicationState.Committed } => null,
        { ReplicationMode: ReplicationMode.Replica } => $"it is a replica that was not failed over (state {machine.ReplicationState}): production does not run here",
        { ReplicationMode: ReplicationMode.Primary } when isAway || IsRecoveryOnly(host) => null,
        { ReplicationMode: ReplicationMode.Primary } => "it is a primary, and the inventory does not say that its home is at another site: 'failback vm run' brings it home with both hosts named",
        { ReplicationMode: ReplicationMode.TestReplica } => "it is the machine of a test failover",
        { ReplicationMode: ReplicationMode.ExtendedReplica } => "it is an extended replica",
        _ => "it has no replication relationship",
    };

    // A drill begins where production runs and is protected.
    private static string? WhyNotDrilled(VirtualMachine machine) => machine switch
    {
        { ReplicationMode: ReplicationMode.Primary } => null,
        { ReplicationMode: ReplicationMode.Replica, ReplicationState: ReplicationState.Recovered or ReplicationState.Committed }
            => $"it was failed over (state {machine.ReplicationState}): bring it home before it is drilled",
        { ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica } => "it is a replica: a drill begins where its primary runs",
        { ReplicationMode: ReplicationMode.TestReplica } => "it is the machine of a test failover",
        _ => "it has no replication relationship",
    };

    // A machine that cannot be drilled now is told of, also where no target names it.
    private static string? WhyNotDrilledNow(VirtualMachine machine) => WhyNotDrilled(machine) is not null ? null : machine switch
    {
        { ReplicationState: not (ReplicationState.Replicating or ReplicationState.SyncedReplicationComplete) } => $"its replication is in state {machine.ReplicationState}: it is not in step with its replica",
        { ReplicationState: ReplicationState.SyncedReplicationComplete } => "somebody has prepared it for a planned failover",
        { PowerState: not PowerState.Running } => "it does not run: there is no service to switch over",
        _ => null,
    };

    private static string? WhyNotTested(VirtualMachine machine) => machine switch
    {
        { ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica, ReplicationState: ReplicationState.Recovered or ReplicationState.Committed }
            => $"it was failed over (state {machine.ReplicationState}): it is no replica that waits",
        { ReplicationMode: ReplicationMode.Replica or ReplicationMode.ExtendedReplica } => null,
        { ReplicationMode: ReplicationMode.Primary } => "it is a primary: its replica is tested where that is",
        { ReplicationMode: ReplicationMode.TestReplica } => "it is the machine of a test failover",
        _ => "it has no replication relationship",
    };

    // A replica that cannot be tested now is told of, also where no target names it: nothing proves that it boots.
    private static string? WhyNotNow(VirtualMachine machine) => WhyNotTested(machine) is not null ? null : machine switch
    {
        { ReplicationState: not (ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Critical) } => $"the replica is in state {machine.ReplicationState}, which has nothing to test",
        { PowerState: not PowerState.Off } => "the replica is not off",
        _ => null,
    };

    // Sites that are each other's recovery sites do not tell where a primary belongs.
    private bool IsRecoveryOnly(EstateHost host) => host.PrimarySite.Length > 0
        && !registry.ByName.Any(other => SameSite(other.Host.Site, host.PrimarySite) && SameSite(other.Host.PrimarySite, host.Site));

    private static bool SameSite(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
