using HostAgent.Campaigns.Events;
using HostAgent.Campaigns.Inputs;

namespace HostAgent.Campaigns;

/// <summary>A campaign's decisions.</summary>
public sealed class CampaignMachine
{
    /// <summary>The campaign as it stands.</summary>
    public CampaignState State { get; } = new();

    /// <summary>Rebuilds a machine from its stored events. <see cref="Resume"/> follows.</summary>
    /// <param name="events">All of them, in order.</param>
    /// <returns>The machine.</returns>
    public static CampaignMachine Replay(IEnumerable<CampaignEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var machine = new CampaignMachine();
        foreach (var campaignEvent in events)
        {
            machine.Apply(campaignEvent);
        }

        return machine;
    }

    /// <summary>Folds one stored event into the state.</summary>
    /// <param name="campaignEvent">The event.</param>
    public void Apply(CampaignEvent campaignEvent) => State.Apply(campaignEvent);

    /// <summary>Decides what follows from an input, and applies its own events.</summary>
    /// <param name="input">The input.</param>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store and then the effects to carry out.</returns>
    public Outcome Handle(CampaignInput input, DateTimeOffset now) => throw new NotSupportedException();

    /// <summary>Takes the campaign over after <see cref="Replay"/>: a new epoch, and the effects that still matter.</summary>
    /// <param name="now">The time, by the caller's clock.</param>
    /// <returns>The events to store and then the effects to carry out.</returns>
    public Outcome Resume(DateTimeOffset now) => throw new NotSupportedException();
}
