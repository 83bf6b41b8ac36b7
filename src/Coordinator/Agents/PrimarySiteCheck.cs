using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Inventory;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// What runs on the sites that machines go back to, as far as their hosts are in the inventory. A machine has one identity on both sides:
/// where it runs there already, a failback would write the disks under it, and two machines would answer to one name. One host cannot
/// see that; the coordinator can. A site is listed at most every half minute, however many machines are asked about.
/// Asked when a campaign is planned and, where readiness is required, in each item's turn: before an intent, never after it, since a
/// repeated delivery may find the machine running because its failback has succeeded.
/// </summary>
internal sealed class PrimarySiteCheck(AgentRegistry registry, EstateListing listing)
{
    /// <summary>The id under which a document accepts it (<c>readiness.ignore</c>), as it accepts an agent's checks that ask.</summary>
    public const string CheckId = "RUNNING_AT_PRIMARY_SITE";

    private const string Remedy = $"Turn it off there, or accept {CheckId} in readiness.ignore if what runs there is meant to be overwritten.";

    /// <summary>What to say of a machine that runs elsewhere too.</summary>
    public static string Explain(string elsewhere) => $"{CheckId}: {Observed(elsewhere)} {Remedy}";

    /// <summary>Looks at one machine.</summary>
    /// <param name="host">The host that it would be failed back from.</param>
    /// <param name="machine">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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
            : "the inventory has no host of the site that it goes back to";
        return check;
    }

    /// <summary>
    /// The machines that run on a site, each with the host it was seen on. A host out of reach is left out: after a disaster that is what is
    /// to be expected, and proves nothing.
    /// </summary>
    /// <param name="site">The site; an empty one has no hosts.</param>
    /// <param name="cancellationToken">Ends the wait; the look goes on for the next caller.</param>
    public async Task<IReadOnlyDictionary<Guid, string>> RunningAtAsync(string site, CancellationToken cancellationToken)
    {
        var running = new Dictionary<Guid, string>();
        var looks = registry.ByName
            .Where(connection => IsOf(connection.Host, site) && connection.Status.Reachability != Contracts.Campaigns.V1.Reachability.Unreachable)
            .Select(connection => (connection.Host.Name, Machines: LookAsync(connection, cancellationToken)))
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

    private async Task<IReadOnlyList<VirtualMachine>> LookAsync(AgentConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await listing.LatelyAsync(connection, cancellationToken);
        }
        catch (RpcFailure)
        {
            // Noted where the call was made; what it has cannot be known.
            return [];
        }
    }

    private static bool IsOf(InventoryHost host, string site) => site.Length > 0 && string.Equals(host.Site, site, StringComparison.OrdinalIgnoreCase);

    private static bool IsRunning(PowerState power) => power is not (PowerState.Unspecified or PowerState.Off or PowerState.Saved or PowerState.FastSaved or PowerState.Hibernated);
}
