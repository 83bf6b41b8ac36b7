using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>One turn of the machine: collects the decisions, and applies each event at once so that the next rule sees it.</summary>
internal sealed class Decision(CampaignState state, DateTimeOffset now, IMachineGate? gate = null)
{
    private readonly List<CampaignEvent> _events = [];
    private readonly List<CampaignEffect> _effects = [];

    public CampaignState State { get; } = state;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Checked before items start; null allows all.</summary>
    public IMachineGate? Gate { get; } = gate;

    public CampaignSpec Spec => State.Spec!;

    public IReadOnlyList<CampaignEvent> Events => _events;

    public Rejection? Rejection { get; private set; }

    public void Emit(CampaignEvent campaignEvent)
    {
        var dated = campaignEvent with { At = Now };
        State.Apply(dated);
        _events.Add(dated);
    }

    public void Do(CampaignEffect effect) => _effects.Add(effect);

    public void Reject(RejectionCode code, string message) => Rejection = new Rejection(code, message);

    /// <summary>
    /// Ends the turn. Drops calls to initiate that a later rule of the same turn has overtaken: an ended item must not be started.
    /// </summary>
    public Outcome ToOutcome()
    {
        if (_effects.Count > 0)
        {
            _effects.RemoveAll(IsOvertaken);
        }

        return new Outcome(_events, _effects, Rejection);
    }

    private bool IsOvertaken(CampaignEffect effect)
        => effect is StartOperation initiate && State.FindItem(initiate.Item) is not { Phase: AttemptPhase.Starting, CancelRequested: false };
}
