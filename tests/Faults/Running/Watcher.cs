using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Running;

/// <summary>A client that watches a campaign over all the lives of its coordinator, and keeps every message.</summary>
/// <param name="theatre">The processes.</param>
/// <param name="name">Its name in the history.</param>
/// <param name="number">Its number; of several coordinators it knows one.</param>
/// <param name="campaign">The campaign's resource name.</param>
internal sealed class Watcher(Theatre theatre, string name, int number, string campaign)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentQueue<Sighting> _seen = new();
    private int _stream;

    /// <summary>What it was told, in order.</summary>
    public IReadOnlyList<Sighting> Seen => [.. _seen];

    /// <summary>Watches until the coordinator says that the campaign has ended, or nobody waits any longer.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _stream++;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, theatre.Changed);
                using var call = theatre.CampaignsFor(number).WatchCampaign(new WatchCampaignRequest { Name = campaign }, cancellationToken: either.Token);
                await foreach (var update in call.ResponseStream.ReadAllAsync(either.Token))
                {
                    Take(update);
                }

                return;
            }
            catch (Exception exception) when (exception is RpcException or OperationCanceledException)
            {
                // The coordinator is gone, or another one has taken its place: watched again.
            }

            try
            {
                await Task.Delay(Pause, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Take(CampaignUpdate update)
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var item in update.Items)
        {
            _seen.Enqueue(new Sighting(
                name,
                _stream,
                now,
                update.Version,
                item.Name[(item.Name.LastIndexOf('/') + 1)..],
                item.State.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"{item.Attempt}.{item.StepAttempt}"),
                item.HasPercentComplete ? item.PercentComplete : null,
                item.Explanation));
        }
    }
}
