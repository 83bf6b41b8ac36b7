using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Coordinator.Wire;

namespace HostAgent.Coordinator.Reports;

/// <summary>When something was under way for each item, from the campaign's own events.</summary>
internal sealed class ItemSpans
{
    private readonly Dictionary<string, List<ReportedSpan>> _spans = new(StringComparer.Ordinal);

    /// <summary>Takes an event that was applied to the state.</summary>
    public void Take(CampaignEvent decided, CampaignState state)
    {
        if (decided is not ItemEvent about || state.FindItem(about.Item) is not { } item)
        {
            return;
        }

        var spans = _spans.GetValueOrDefault(item.Id);
        if (spans is [.., { EndTime: null } open] && (!item.IsInFlight || decided is ItemStarting))
        {
            // An attempt that never reached its host is followed by the next one at once.
            spans[^1] = open with { EndTime = decided.At, Result = UpperSnake.Of(decided is ItemStarting ? ItemStatus.Queued : item.Status) };
        }

        if (decided is ItemStarting)
        {
            if (spans is null)
            {
                _spans.Add(item.Id, spans = []);
            }

            spans.Add(new ReportedSpan(UpperSnake.Of(item.StepKind), item.Host.Name, decided.At, null, string.Empty));
        }
    }

    /// <summary>Those of one item, in order; none for one that was never started.</summary>
    public IReadOnlyList<ReportedSpan> Of(string item) => _spans.GetValueOrDefault(item) ?? [];
}
