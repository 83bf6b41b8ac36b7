using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Tests.Model;

/// <summary>An item of the naive campaign.</summary>
internal sealed class NaiveItem(PlannedItem planned)
{
    public PlannedItem Planned { get; } = planned;

    public ItemStatus Status { get; set; }

    public bool IsInFlight { get; set; }

    public bool IsAccepted { get; set; }

    public int Attempt { get; set; }

    public int FormerAttempts { get; set; }

    public DateTimeOffset? Next { get; set; }

    public bool IsLifted { get; set; }

    public bool IsSkippedByPerson { get; set; }

    public bool CountsInCampaign { get; set; }

    public bool CountsOnHost { get; set; }

    public bool IsUnmet => Status.IsTerminal() && !Status.IsSuccess();
}
