using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Services;

/// <summary>Streams all campaigns and hosts to one watcher, at the watcher's pace and at most once per interval.</summary>
internal sealed class EstateWatch(
    EstateChanges changes,
    CampaignRuns runs,
    IEventStore store,
    AgentRegistry registry,
    TimeProvider time,
    IOptions<CoordinatorOptions> options,
    IHostApplicationLifetime lifetime)
{
    private const int MaxCampaigns = 200;
    private const int MaxHosts = 1000;

    /// <summary>Streams until the watcher disconnects.</summary>
    /// <exception cref="OperationCanceledException">The watcher has disconnected, or the coordinator is stopping.</exception>
    public async Task StreamAsync(IServerStreamWriter<CampaignsUpdate> stream, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);

        // Before the snapshot is read: changes in the meantime are sent again after it.
        var subscription = changes.Subscribe();
        try
        {
            await SnapshotAsync(stream, ending.Token);
            while (true)
            {
                await Task.Delay(options.Value.WatchInterval, time, ending.Token);
                await subscription.WaitAsync(ending.Token);
                var (campaigns, hosts) = subscription.Take();
                await ChangesAsync(stream, campaigns, hosts, ending.Token);
            }
        }
        finally
        {
            changes.Unsubscribe(subscription);
        }
    }

    private async Task SnapshotAsync(IServerStreamWriter<CampaignsUpdate> stream, CancellationToken cancellationToken)
    {
        foreach (var hosts in registry.ByName.Chunk(MaxHosts))
        {
            await stream.WriteAsync(new CampaignsUpdate { Snapshot = true, Hosts = { hosts.Select(Update) } }, cancellationToken);
        }

        CampaignPosition? after = null;
        while (await store.ListAsync(new CampaignQuery(MaxCampaigns, after, [], LiveOnly: false), cancellationToken) is { Count: > 0 } page)
        {
            var update = new CampaignsUpdate { Snapshot = true };
            foreach (var head in page)
            {
                update = await AddAsync(stream, update, runs.Show(head), cancellationToken);
            }

            await stream.WriteAsync(update, cancellationToken);
            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }

        await stream.WriteAsync(new CampaignsUpdate(), cancellationToken);
    }

    private async Task ChangesAsync(IServerStreamWriter<CampaignsUpdate> stream, IReadOnlyList<string> campaigns, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        var update = new CampaignsUpdate();
        update.Hosts.AddRange(hosts.Select(host => registry.TryFind(host, out var connection) ? Update(connection) : null).OfType<HostUpdate>());
        foreach (var id in campaigns)
        {
            if (await store.FindAsync(id, cancellationToken) is { } head)
            {
                update = await AddAsync(stream, update, runs.Show(head), cancellationToken);
            }
            else
            {
                update.DeletedCampaigns.Add(ResourceNames.Campaign(id));
            }
        }

        if (update.CalculateSize() > 0)
        {
            await stream.WriteAsync(update, cancellationToken);
        }
    }

    /// <summary>Adds a campaign; sends the pending update first when the campaign does not fit.</summary>
    private static async Task<CampaignsUpdate> AddAsync(IServerStreamWriter<CampaignsUpdate> stream, CampaignsUpdate update, Campaign campaign, CancellationToken cancellationToken)
    {
        if (update.Campaigns.Count > 0 && (update.Campaigns.Count >= MaxCampaigns || update.CalculateSize() + campaign.CalculateSize() > PageSize.MaxBytes))
        {
            await stream.WriteAsync(update, cancellationToken);
            update = new CampaignsUpdate { Snapshot = update.Snapshot };
        }

        update.Campaigns.Add(campaign);
        return update;
    }

    private static HostUpdate Update(AgentConnection connection) => new()
    {
        Name = ResourceNames.Host(connection.Host.Name),
        Reachability = connection.Status.Reachability,
        UnreachableReason = connection.Status.Reason,
        SinceTime = connection.Status.Since?.ToTimestamp(),
    };
}
