namespace HostAgent.Campaigns.States;

/// <summary>Where an item stands.</summary>
public enum ItemStatus
{
    /// <summary>Waits for its wave, its dependencies or its turn.</summary>
    Pending,

    /// <summary>Checked and ready.</summary>
    Ready,

    /// <summary>Checked and not ready; tried again after a pause.</summary>
    NotReady,

    /// <summary>Waiting for its next attempt, or, when in flight, for a place on its host, a look at its state or an answer about its readiness.</summary>
    Queued,

    /// <summary>The intent is stored; the agent is being asked.</summary>
    Starting,

    /// <summary>The host is at work.</summary>
    Running,

    /// <summary>Terminal: failed back.</summary>
    Succeeded,

    /// <summary>Terminal: failed back, and the host reported warnings.</summary>
    SucceededWithWarnings,

    /// <summary>Terminal: failed.</summary>
    Failed,

    /// <summary>Terminal: cancelled.</summary>
    Cancelled,

    /// <summary>Terminal: not started, by a person's decision or for a dependency.</summary>
    Skipped,

    /// <summary>Terminal until resolved: nobody can say how it ended.</summary>
    UnknownOutcome,
}
