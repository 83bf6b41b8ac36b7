using System.Globalization;
using System.Text;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>A timeline to read: what happened, and under it what the machine made of it. Nothing is written until somebody reads.</summary>
internal sealed class History(CampaignPlan plan)
{
    private readonly List<(DateTimeOffset Now, object Line)> _lines = [];

    public void Note(DateTimeOffset now, object line) => _lines.Add((now, line));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (now, line) in _lines)
        {
            switch (line)
            {
                case CreateCampaign or ReviseCampaign:
                    text.Append(CultureInfo.InvariantCulture, $"{now:dd HH:mm:ss} {line.GetType().Name}\n");
                    break;
                case RetryItems retry:
                    text.Append(CultureInfo.InvariantCulture, $"{now:dd HH:mm:ss} {nameof(RetryItems)} {string.Join(", ", retry.Items)}\n");
                    break;
                case ReadinessChecked found:
                    text.Append(CultureInfo.InvariantCulture, $"{now:dd HH:mm:ss} {nameof(ReadinessChecked)} {found.Item}, {(found.Ready ? "ready" : string.Join(" ", found.Reasons))}\n");
                    break;
                case CampaignCreated or CampaignRevised or ItemsPlanned:
                    break;
                case CampaignEvent campaignEvent:
                    text.Append(CultureInfo.InvariantCulture, $"              → {CampaignEventCodec.Write(campaignEvent)}\n");
                    break;
                case CampaignEffect effect:
                    text.Append(CultureInfo.InvariantCulture, $"              ⇒ {effect.GetType().Name} {ItemOf(effect)}\n");
                    break;
                default:
                    text.Append(CultureInfo.InvariantCulture, $"{now:dd HH:mm:ss} {line}\n");
                    break;
            }
        }

        return Named(text.ToString());
    }

    /// <summary>Names machines, which are easier to follow than their ids.</summary>
    public string Named(string text) => plan.Items.Aggregate(text, (named, item) => named.Replace(item.Id, item.VirtualMachineName, StringComparison.Ordinal));

    private static string ItemOf(CampaignEffect effect) => effect switch
    {
        StartOperation initiate => FormattableString.Invariant($"{initiate.Item}, attempt {initiate.Attempt}"),
        WakeAt wake => wake.Time.ToString("dd HH:mm:ss", CultureInfo.InvariantCulture),
        Ended ended => ended.Status.ToString(),
        _ => World.ItemOf(effect),
    };
}
