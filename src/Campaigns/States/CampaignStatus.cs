using System.Text.RegularExpressions;

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

/// <summary>Where a wave stands.</summary>
public enum WaveStatus
{
    /// <summary>An earlier wave is not done.</summary>
    Pending,

    /// <summary>Its items start as limits allow.</summary>
    Running,

    /// <summary>Every item is terminal; its gate does not hold yet.</summary>
    AtGate,

    /// <summary>Every item is terminal and its gate holds.</summary>
    Done,
}

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

/// <summary>Where a host's circuit breaker stands.</summary>
public enum BreakerStatus
{
    /// <summary>Items start.</summary>
    Closed,

    /// <summary>Nothing new starts.</summary>
    Open,

    /// <summary>One item may start, as a probe.</summary>
    HalfOpen,
}

/// <summary>Why a campaign is paused.</summary>
public enum PauseCause
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>A person asked.</summary>
    Operator,

    /// <summary>More failures than tolerated.</summary>
    Tolerance,

    /// <summary>A gate was rejected.</summary>
    Gate,

    /// <summary>The window is closed.</summary>
    Window,

    /// <summary>Agents refuse this coordinator: another process, or another coordinator, acts for the campaign.</summary>
    Ownership,
}

/// <summary>What the states mean.</summary>
public static class Statuses
{
    /// <summary>Whether an item is at its end; UNKNOWN_OUTCOME is, until it is resolved.</summary>
    /// <param name="status">The item's state.</param>
    /// <returns>True for terminal states.</returns>
    public static bool IsTerminal(this ItemStatus status) => status >= ItemStatus.Succeeded;

    /// <summary>Whether an item has succeeded, with or without warnings.</summary>
    /// <param name="status">The item's state.</param>
    /// <returns>True for both successes.</returns>
    public static bool IsSuccess(this ItemStatus status) => status is ItemStatus.Succeeded or ItemStatus.SucceededWithWarnings;

    /// <summary>Whether a campaign is at its end.</summary>
    /// <param name="status">The campaign's state.</param>
    /// <returns>True for terminal states.</returns>
    public static bool IsTerminal(this CampaignStatus status) => status >= CampaignStatus.Completed;
}

/// <summary>States in messages, spelt as everywhere else in the product: UPPER_SNAKE_CASE.</summary>
internal static partial class StatusNames
{
    public static string Of(CampaignStatus status) => Spell(status.ToString());

    public static string Of(ItemStatus status) => Spell(status.ToString());

    private static string Spell(string name) => Humps().Replace(name, "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Humps();
}
