using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// The failback rates in a campaign's events. Counts only failbacks that succeeded, that the host was observed running, and
/// whose disk size is known; any other rate would be a guess.
/// </summary>
public sealed class RateHistory
{
    private readonly Dictionary<string, PlannedItem> _planned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _running = new(StringComparer.Ordinal);
    private readonly List<RateSample> _samples = [];

    /// <summary>The stored names of the events that matter; <see cref="Add"/> can skip all others.</summary>
    public static IReadOnlySet<string> EventNames { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        CampaignEventCodec.NameOf<CampaignRevised>(),
        CampaignEventCodec.NameOf<ItemsPlanned>(),
        CampaignEventCodec.NameOf<ItemStarting>(),
        CampaignEventCodec.NameOf<ItemRunning>(),
        CampaignEventCodec.NameOf<ItemOutcomeUnknown>(),
        CampaignEventCodec.NameOf<ItemStepDone>(),
        CampaignEventCodec.NameOf<ItemSucceeded>(),
    };

    /// <summary>The measured rates, oldest first.</summary>
    public IReadOnlyList<RateSample> Samples => _samples;

    /// <summary>Adds the next event of the campaign.</summary>
    /// <param name="campaignEvent">The event.</param>
    public void Add(CampaignEvent campaignEvent)
    {
        switch (campaignEvent)
        {
            case CampaignRevised:
                _planned.Clear();
                break;
            case ItemsPlanned planned:
                foreach (var item in planned.Items)
                {
                    _planned[item.Id] = item;
                }

                break;
            case ItemRunning running:
                _running[running.Item] = running.At;
                break;
            case ItemStarting or ItemOutcomeUnknown:
                // Once the outcome was unknown, a success reported later does not say when it happened.
                _running.Remove(((ItemEvent)campaignEvent).Item);
                break;
            case ItemStepDone done when _running.Remove(done.Item, out var begin):
                Measure(done, done.Step, begin);
                break;
            case ItemSucceeded succeeded when _running.Remove(succeeded.Item, out var begin):
                Measure(succeeded, step: null, begin);
                break;
            default:
                break;
        }
    }

    /// <param name="ended">The end of the step.</param>
    /// <param name="step">The step's index; null for the last.</param>
    /// <param name="begin">When the host was seen running it.</param>
    private void Measure(ItemEvent ended, int? step, DateTimeOffset begin)
    {
        if (_planned.TryGetValue(ended.Item, out var item) && item.DiskBytes > 0 && ended.At > begin
            && item.StepAt(step ?? item.StepCount - 1) is { Kind: StepKind.InitiateFailback, Host: var host })
        {
            // What a comparison between two hosts takes, or a switch, says nothing about a failback.
            _samples.Add(new RateSample(host, item.DiskBytes, ended.At - begin));
        }
    }
}

/// <summary>The rate of one failback: the size of the machine's disks over the time that the host worked on it.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="DiskBytes">The size of the machine's disks, above 0. Not the bytes sent over the link: hosts do not report those.</param>
/// <param name="Duration">From the host's start to its success, above 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RateSample(string Host, long DiskBytes, TimeSpan Duration)
{
    /// <summary>Bytes of disk size per second.</summary>
    public double BytesPerSecond => DiskBytes / Duration.TotalSeconds;
}
