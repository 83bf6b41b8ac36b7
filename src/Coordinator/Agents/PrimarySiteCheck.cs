using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Inventory;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// Detects machines that already run at their primary site, as far as its hosts are in the inventory. A machine has the same identity
/// on both sides: failing back a machine that runs at the primary site would overwrite the disks of the running machine. A single
/// host cannot see that; the coordinator can. A site is listed at most every 30 seconds, however many machines are checked.
/// Checked when a campaign is planned and, where readiness is required, before each item starts: before an intent, never after it. A
/// repeated delivery may find the machine running because its failback has succeeded.
/// </summary>
internal sealed class PrimarySiteCheck(AgentRegistry registry, EstateListing listing)
{
    /// <summary>The id under which a document accepts it (<c>readiness.ignore</c>), like an agent's overridable checks.</summary>
    public const string CheckId = "RUNNING_AT_PRIMARY_SITE";

    private const string Remedy = $"Turn it off there, or accept {CheckId} in readiness.ignore if what runs there is meant to be overwritten.";

    /// <summary>The message for a machine that also runs elsewhere.</summary>
    public static string Explain(string elsewhere) => $"{CheckId}: {Observed(elsewhere)} {Remedy}";

    /// <summary>Checks one machine.</summary>
    /// <param name="host">The host that it would be failed back from.</param>
    /// <param name="machine">Its id.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ReadinessCheck> CheckAsync(InventoryHost host, Guid machine, CancellationToken cancellationToken)
    {
        var check = new ReadinessCheck { Id = CheckId, Severity = CheckSeverity.Overridable };
        if ((await RunningAtAsync(host.PrimarySite, cancellationToken)).TryGetValue(machine, out var elsewhere))
        {
            check.Observed = Observed(elsewhere);
            check.Remedy = Remedy;
            return check;
        }

        check.Passed = true;
        check.Observed = registry.ByName.Any(connection => IsOf(connection.Host, host.PrimarySite))
            ? $"it runs on no host of site {host.PrimarySite} that answers"
            : "the inventory has no host of its primary site";
        return check;
    }

    /// <summary>
    /// The machines that run at a site, each with the host it was found on. An unreachable host is left out: after a disaster that is
    /// expected, and proves nothing.
    /// </summary>
    /// <param name="site">The site; an empty one has no hosts.</param>
    /// <param name="cancellationToken">Cancels the wait; the listing continues for the next caller.</param>
    public async Task<IReadOnlyDictionary<Guid, string>> RunningAtAsync(string site, CancellationToken cancellationToken)
    {
        var running = new Dictionary<Guid, string>();
        var looks = registry.ByName
            .Where(connection => IsOf(connection.Host, site) && connection.Status.Reachability != Contracts.Campaigns.V1.Reachability.Unreachable)
            .Select(connection => (connection.Host.Name, Machines: ListRecentAsync(connection, cancellationToken)))
            .ToList();
        foreach (var (host, machines) in looks)
        {
            foreach (var machine in (await machines).Where(machine => IsRunning(machine.PowerState)))
            {
                running[Guid.Parse(machine.Id)] = host;
            }
        }

        return running;
    }

    private static string Observed(string elsewhere) => $"it runs on {elsewhere} too.";

    private async Task<IReadOnlyList<VirtualMachine>> ListRecentAsync(AgentConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await listing.ListRecentAsync(connection, cancellationToken);
        }
        catch (RpcFailure)
        {
            // The call has already recorded the failure; the host's machines are unknown.
            return [];
        }
    }

    private static bool IsOf(InventoryHost host, string site) => site.Length > 0 && string.Equals(host.Site, site, StringComparison.OrdinalIgnoreCase);

    private static bool IsRunning(PowerState power) => power is not (PowerState.Unspecified or PowerState.Off or PowerState.Saved or PowerState.FastSaved or PowerState.Hibernated);
}
