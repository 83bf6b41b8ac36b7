namespace HostAgent.Campaigns.States;

/// <summary>Where a campaign stands.</summary>
public enum CampaignStatus
{
    /// <summary>Nothing is known yet.</summary>
    Draft,

    /// <summary>Planned.</summary>
    Ready,

    /// <summary>Will start at its start time.</summary>
    Scheduled,

    /// <summary>Starting items.</summary>
    Running,

    /// <summary>Not starting items; what runs goes on.</summary>
    Paused,

    /// <summary>Will be stopped when what runs has ended.</summary>
    Stopping,

    /// <summary>Terminal: every item has succeeded or was skipped by a person.</summary>
    Completed,

    /// <summary>Terminal: every item is terminal and at least one failed, was cancelled, is of unknown outcome or was skipped for a dependency.</summary>
    CompletedWithFailures,

    /// <summary>Terminal: stopped before every item was terminal.</summary>
    Stopped,
}
