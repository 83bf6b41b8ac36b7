using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Rules;

/// <summary>A wave starts when every item of the former ones is terminal and their gates hold: approved by one who may, and soaked.</summary>
internal sealed class Rule05Waves : RuleChecker
{
    private readonly HashSet<int> _started = [];
    private readonly HashSet<int> _approved = [];
    private readonly HashSet<int> _done = [];
    private readonly Dictionary<int, DateTimeOffset> _lastEnd = [];

    public override void Before(CampaignEvent campaignEvent)
    {
        if (Starts(campaignEvent) is { } id)
        {
            Must(_started.Contains(Ledger.Item(id).Wave), $"{id} starts before its wave");
        }

        switch (campaignEvent)
        {
            case WaveStarted started:
                Start(started);
                break;
            case WaveApproved approved:
                Must(Ledger.Spec.Waves[approved.Wave].Gate!.Approvers.Contains(approved.Actor, StringComparer.Ordinal), $"{approved.Actor} may not approve");
                _approved.Add(approved.Wave);
                break;
            case WaveDone done when _done.Add(done.Wave):
                // A gate that was passed once stays so.
                Pass(done);
                break;
            case WaveReopened reopened when !_done.Contains(reopened.Wave):
                _approved.Remove(reopened.Wave);
                break;
            case ItemSucceeded or ItemFailed or ItemOutcomeUnknown or ItemCancelled or ItemSkipped when campaignEvent is ItemEvent ended && !Ledger.Ended.ContainsKey(ended.Item):
                _lastEnd[Ledger.Item(ended.Item).Wave] = ended.At;
                break;
        }
    }

    private void Start(WaveStarted started)
    {
        var early = Ledger.Plan.Items.FirstOrDefault(item => item.Wave < started.Wave && !Ledger.Ended.ContainsKey(item.Id));
        Must(early is null, $"wave {started.Wave} starts before {early?.VirtualMachineName} of a former one has ended");
        Must(Enumerable.Range(0, started.Wave).All(_done.Contains), $"wave {started.Wave} starts before the gates of the former ones hold");
        _started.Add(started.Wave);
    }

    private void Pass(WaveDone done)
    {
        // A wave without items has nothing that could be judged at its gate.
        if (Ledger.Spec.Waves[done.Wave].Gate is { } gate && Ledger.Plan.Items.Any(item => item.Wave == done.Wave))
        {
            Must(gate.Approvers.Count == 0 || _approved.Contains(done.Wave), $"wave {done.Wave} is done and nobody has approved it");
            Must(done.At >= _lastEnd[done.Wave] + gate.Soak, $"wave {done.Wave} is done before it has soaked");
        }
    }
}
