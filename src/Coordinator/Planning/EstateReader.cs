using HostAgent.Campaigns;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Hosts;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Planning;

/// <summary>Asks the hosts that a campaign selects for their virtual machines, several at once and each with a deadline.</summary>
internal sealed class EstateReader(HostRegistry registry, HostCalls calls, OtherSide otherSide, IOptions<CoordinatorOptions> options)
{
    private static readonly IReadOnlyDictionary<Guid, string> NothingRuns = new Dictionary<Guid, string>();

    /// <summary>The hosts as they are now; one that cannot be asked says why.</summary>
    public async Task<EstateView> ReadAsync(CampaignSpec spec, CancellationToken cancellation)
    {
        var hosts = new EstateHost[registry.ByName.Count];
        await Parallel.ForAsync(
            0,
            hosts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.ConcurrentHostCalls, CancellationToken = cancellation },
            async (index, token) =>
            {
                var connection = registry.ByName[index];
                var host = Describe(connection);
                hosts[index] = CampaignPlanner.Selects(spec, host) ? await AskAsync(spec, connection, host, token) : host;
            });
        return new EstateView(hosts);
    }

    private async Task<EstateHost> AskAsync(CampaignSpec spec, HostConnection connection, EstateHost host, CancellationToken cancellation)
    {
        try
        {
            var machines = await calls.ListAllVirtualMachinesAsync(connection, cancellation);
            var elsewhere = spec.Readiness.Ignore.Contains(OtherSide.CheckId, StringComparer.Ordinal)
                ? NothingRuns
                : await otherSide.RunningAtAsync(host.PrimarySite, cancellation);
            return host with { VirtualMachines = [.. machines.Select(machine => Describe(machine, elsewhere))] };
        }
        catch (RpcFailure failure)
        {
            return host with { UnreachableReason = failure.Message };
        }
    }

    private static EstateHost Describe(HostConnection connection) => new()
    {
        Name = connection.Host.Name,
        Site = connection.Host.Site,
        PrimarySite = connection.Host.PrimarySite,
        Tenant = connection.Host.Tenant,
        Labels = connection.Host.Labels,
    };

    private static EstateVirtualMachine Describe(VirtualMachine machine, IReadOnlyDictionary<Guid, string> elsewhere)
    {
        var id = Guid.Parse(machine.Id);
        return new EstateVirtualMachine
        {
            Id = id,
            Name = machine.Name,
            DiskBytes = machine.DiskBytes,
            Conflict = elsewhere.TryGetValue(id, out var host) ? OtherSide.Explain(host) : null,
            IneligibleReason = machine.Eligible ? null
                : machine.IneligibleReason.Length > 0 ? machine.IneligibleReason
                : "the agent says that it cannot be failed back",
        };
    }
}
