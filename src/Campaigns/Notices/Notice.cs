namespace HostAgent.Campaigns.Notices;

/// <summary>What people are told of a campaign. Transitions and recoveries, never repetitions.</summary>
public enum NoticeTopic
{
    /// <summary>The campaign was started.</summary>
    CampaignStarted,

    /// <summary>No item starts from here on.</summary>
    CampaignPaused,

    /// <summary>Items start again, also those of a campaign that had ended.</summary>
    CampaignResumed,

    /// <summary>The campaign is being stopped: what is in flight is followed to its end.</summary>
    CampaignStopping,

    /// <summary>The campaign is terminal.</summary>
    CampaignFinished,

    /// <summary>A person must approve a gate, outages or a way back, or decide about a program of a wave.</summary>
    ApprovalWaiting,

    /// <summary>A person has.</summary>
    ApprovalGiven,

    /// <summary>A person rejected a gate.</summary>
    ApprovalRejected,

    /// <summary>A person must decide about a machine.</summary>
    MachineHeld,

    /// <summary>A machine no longer waits for a decision.</summary>
    MachineAnswered,

    /// <summary>A machine has failed.</summary>
    MachineFailed,

    /// <summary>A machine that had failed has succeeded.</summary>
    MachineRecovered,

    /// <summary>It is unknown how a machine ended.</summary>
    MachineOutcomeUnknown,

    /// <summary>It is known now.</summary>
    MachineOutcomeResolved,

    /// <summary>A machine takes longer than the document expects.</summary>
    MachineOverdue,

    /// <summary>A host with items in flight has become unreachable.</summary>
    HostUnreachable,

    /// <summary>A host that was told to be unreachable is reachable again.</summary>
    HostReachable,

    /// <summary>Every item of a wave is terminal and its gate is open.</summary>
    WaveEnded,

    /// <summary>A run of a schedule was left out.</summary>
    ScheduledRunSkipped,
}

/// <summary>The stable words of the topics, as settings and receivers have them.</summary>
public static class NoticeTopics
{
    private static readonly (NoticeTopic Topic, string Word)[] Table =
    [
        (NoticeTopic.CampaignStarted, "campaign.started"),
        (NoticeTopic.CampaignPaused, "campaign.paused"),
        (NoticeTopic.CampaignResumed, "campaign.resumed"),
        (NoticeTopic.CampaignStopping, "campaign.stopping"),
        (NoticeTopic.CampaignFinished, "campaign.finished"),
        (NoticeTopic.ApprovalWaiting, "approval.waiting"),
        (NoticeTopic.ApprovalGiven, "approval.given"),
        (NoticeTopic.ApprovalRejected, "approval.rejected"),
        (NoticeTopic.MachineHeld, "machine.held"),
        (NoticeTopic.MachineAnswered, "machine.answered"),
        (NoticeTopic.MachineFailed, "machine.failed"),
        (NoticeTopic.MachineRecovered, "machine.recovered"),
        (NoticeTopic.MachineOutcomeUnknown, "machine.outcome-unknown"),
        (NoticeTopic.MachineOutcomeResolved, "machine.outcome-resolved"),
        (NoticeTopic.MachineOverdue, "machine.overdue"),
        (NoticeTopic.HostUnreachable, "host.unreachable"),
        (NoticeTopic.HostReachable, "host.reachable"),
        (NoticeTopic.WaveEnded, "wave.ended"),
        (NoticeTopic.ScheduledRunSkipped, "schedule.run-skipped"),
    ];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Table.Select(row => row.Word)];

    /// <summary>The word of a topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>The word, which never changes.</returns>
    public static string WordOf(NoticeTopic topic) => Table[(int)topic].Word;

    /// <summary>Whether people are told of it at once, not with the next digest: somebody must act, or the campaign no longer does.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>True for those.</returns>
    public static bool IsUrgent(NoticeTopic topic)
        => topic is NoticeTopic.CampaignPaused or NoticeTopic.CampaignStopping or NoticeTopic.CampaignFinished or NoticeTopic.ApprovalWaiting or NoticeTopic.MachineOutcomeUnknown;
}

/// <summary>One thing that people are told, from one recorded event.</summary>
/// <param name="Topic">What about.</param>
/// <param name="Version">The version of the campaign's stream at the event.</param>
/// <param name="Time">When the event was decided.</param>
/// <param name="Subject">The machine, host or wave; empty when it is the campaign.</param>
/// <param name="Text">One sentence or more for a person, on one line, at most 500 characters.</param>
/// <param name="Act">The command that a person may type; empty when nothing need be done.</param>
public sealed record Notice(NoticeTopic Topic, long Version, DateTimeOffset Time, string Subject, string Text, string Act = "");
