using System.Diagnostics.Metrics;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Telemetry;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport.Tls;

namespace HostAgent.Coordinator.Runs;

/// <summary>What stands now, read when a collector asks: campaigns and items by state, hosts, what waits, the certificate. No name is a tag: a fleet has thousands.</summary>
internal sealed class EstateMetrics
{
    private static readonly string[] ItemStates = ["PENDING", "QUEUED", "STARTING", "RUNNING", "SYNCED", "HELD", "UNKNOWN_OUTCOME", "FAILED"];

    private readonly CampaignRuns _runs;
    private readonly AgentRegistry _registry;
    private readonly TimeProvider _time;

    public EstateMetrics(CampaignRuns runs, AgentRegistry registry, MutualTlsIdentity identity, IMeterFactory meters, TimeProvider time)
    {
        (_runs, _registry, _time) = (runs, registry, time);
        var meter = meters.Create(CoordinatorTelemetry.Name);
        meter.CreateObservableUpDownCounter("failback.campaign.active", Campaigns, "{campaign}", "Campaigns that have not ended, by state.");
        meter.CreateObservableUpDownCounter("failback.item.active", Items, "{item}", "Items of campaigns that have not ended, by state.");
        meter.CreateObservableUpDownCounter("failback.gate.waiting", Gates, "{wave}", "Waves that wait for an approval.");
        meter.CreateObservableUpDownCounter("failback.host.status", Hosts, "{host}", "Hosts of the inventory, by reachability.");
        meter.CreateObservableGauge("failback.campaign.quiet", Quiet, "s", "How long the running campaign that has been still for longest has had no event; 0 when none runs.");
        meter.CreateObservableGauge("failback.certificate.remaining", () => (identity.ValidUntil - time.GetUtcNow()).TotalSeconds, "s", "How long the coordinator's certificate is still valid.");
    }

    private IEnumerable<HeaderView> Live => _runs.Loaded.Select(run => run.View.Header).Where(header => !header.IsTerminal);

    private IEnumerable<Measurement<long>> Campaigns() => Live.GroupBy(header => header.State).Select(group => Of(group.Count(), "failback.campaign.state", group.Key.ToString()));

    private IEnumerable<Measurement<long>> Items()
    {
        var sums = new long[ItemStates.Length];
        foreach (var counts in Live.SelectMany(header => header.Waves).Select(wave => wave.Counts))
        {
            long[] of = [counts.Pending, counts.Queued, counts.Starting, counts.Running, counts.Synced, counts.Held, counts.UnknownOutcome, counts.Failed];
            for (var index = 0; index < sums.Length; index++)
            {
                sums[index] += of[index];
            }
        }

        return sums.Select((count, index) => Of(count, "failback.item.state", ItemStates[index]));
    }

    private long Gates() => Live.SelectMany(header => header.Waves).Count(wave => wave.AwaitsApproval);

    private IEnumerable<Measurement<long>> Hosts() => _registry.ByName.GroupBy(connection => connection.Status.Reachability)
        .Select(group => Of(group.Count(), "failback.host.reachability", group.Key.ToString()));

    private double Quiet()
    {
        var now = _time.GetUtcNow();
        return _runs.Loaded.Where(run => run.View.Header.State == CampaignState.Running).Select(run => (now - run.ChangeTime).TotalSeconds).DefaultIfEmpty(0).Max();
    }

    private static Measurement<long> Of(long count, string tag, string value) => new(count, new KeyValuePair<string, object?>(tag, value));
}
