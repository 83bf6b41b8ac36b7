using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Watching;

/// <summary>Streams a campaign to one watcher, at the watcher's pace and at most once per interval.</summary>
internal sealed class CampaignWatch(TimeProvider time, IOptions<CoordinatorOptions> options, IHostApplicationLifetime lifetime)
{
    // About 300 KB per message.
    private const int ItemsPerUpdate = 500;

    /// <summary>Streams a campaign until it is terminal and everything has been sent.</summary>
    /// <exception cref="RpcFailure">NOT_FOUND (CAMPAIGN_NOT_FOUND): it was deleted.</exception>
    /// <exception cref="OperationCanceledException">The watcher has disconnected, or the coordinator is stopping.</exception>
    public async Task StreamAsync(CampaignView view, IServerStreamWriter<CampaignUpdate> stream, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var subscription = view.Subscribe(options.Value.WatchInterval);
        try
        {
            var isFirst = true;
            while (true)
            {
                await subscription.WaitAsync(ending.Token);
                while (view.Successor is { } successor)
                {
                    view.Unsubscribe(subscription);
                    view = successor;
                    subscription = view.Subscribe(options.Value.WatchInterval);
                    isFirst = true;
                }

                if (view.IsDeleted)
                {
                    throw CampaignFailures.CampaignNotFound(ResourceNames.Campaign(view.Campaign.Id));
                }

                WatchStep step;
                do
                {
                    step = view.Take(subscription, ItemsPerUpdate, isFirst);
                    isFirst = false;
                    if (step.Update.Campaign is not null || step.Update.Items.Count > 0)
                    {
                        await stream.WriteAsync(step.Update, ending.Token);
                    }

                    view.Sent(subscription);
                }
                while (step.HasMore);

                if (step.IsLast)
                {
                    return;
                }

                await Task.Delay(options.Value.WatchInterval, time, ending.Token);
            }
        }
        finally
        {
            view.Unsubscribe(subscription);
        }
    }
}

/// <summary>The next message to a watcher.</summary>
/// <param name="Update">The message.</param>
/// <param name="HasMore">Whether more can be sent at once.</param>
/// <param name="IsLast">Whether the campaign is terminal and everything has been sent.</param>
internal sealed record WatchStep(CampaignUpdate Update, bool HasMore, bool IsLast);
