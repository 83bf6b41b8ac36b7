using HostAgent.Campaigns.Forecast;
using HostAgent.Campaigns.Messages;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Planning;

/// <summary>The rates measured by the campaigns in the store, newest first.</summary>
internal sealed class MeasuredRates(IEventStore store)
{
    // More campaigns add nothing, and would have to be read each time.
    private const int MaxCampaigns = 50;
    private const int EnoughSamples = 10_000;

    /// <summary>Reads the newest campaigns until there are enough rates.</summary>
    public async Task<IReadOnlyList<RateSample>> ReadAsync(CancellationToken cancellationToken)
    {
        var samples = new List<RateSample>();
        foreach (var head in await store.ListAsync(new CampaignQuery(MaxCampaigns, null, [], LiveOnly: false), cancellationToken))
        {
            var history = new RateHistory();
            await foreach (var stored in store.LoadAsync(head.Campaign.Uid, 0, cancellationToken))
            {
                if (RateHistory.EventNames.Contains(stored.Type))
                {
                    history.Add(CampaignEventCodec.Read(stored.Data));
                }
            }

            samples.AddRange(history.Samples);
            if (samples.Count >= EnoughSamples)
            {
                break;
            }
        }

        return samples;
    }
}
