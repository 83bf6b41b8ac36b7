using System.Text.RegularExpressions;

namespace HostAgent.Campaigns.Messages;

/// <summary>The states of a campaign.</summary>
public enum CampaignStatus
{
    /// <summary>Not planned yet.</summary>
    Draft,

    /// <summary>Planned.</summary>
    Ready,

    /// <summary>Will start at its start time.</summary>
    Scheduled,

    /// <summary>Starting items.</summary>
    Running,

    /// <summary>Not starting items; running items continue.</summary>
    Paused,

    /// <summary>Stops when all running items have ended.</summary>
    Stopping,

    /// <summary>Terminal: every item has succeeded or was skipped by a person.</summary>
    Completed,

    /// <summary>Terminal: every item is terminal and at least one failed, was cancelled, is of unknown outcome or was skipped for a dependency.</summary>
    CompletedWithFailures,

    /// <summary>Terminal: stopped before every item was terminal.</summary>
    Stopped,
}

/// <summary>How far a program of a wave is.</summary>
public enum ProgramStatus
{
    /// <summary>It was begun and has not told its end.</summary>
    Running,

    /// <summary>It ended well.</summary>
    Succeeded,

    /// <summary>It ended otherwise.</summary>
    Failed,

    /// <summary>Nobody knows how it ended, or whether it ran: a coordinator was gone meanwhile.</summary>
    Unknown,

    /// <summary>A person decided to go on without it.</summary>
    Skipped,
}

/// <summary>The states of a wave.</summary>
public enum WaveStatus
{
    /// <summary>An earlier wave is not done.</summary>
    Pending,

    /// <summary>Its items start as limits allow.</summary>
    Running,

    /// <summary>Every item is terminal; its gate is not open yet.</summary>
    AtGate,

    /// <summary>Every item is terminal and its gate is open.</summary>
    Done,
}

/// <summary>The states of an item.</summary>
public enum ItemStatus
{
    /// <summary>Waits for its wave, its dependencies or its turn.</summary>
    Pending,

    /// <summary>Checked and ready.</summary>
    Ready,

    /// <summary>Checked and not ready; checked again after a pause.</summary>
    NotReady,

    /// <summary>Waiting for its next attempt or, when in flight, for a slot on its host, a recheck or a readiness answer.</summary>
    Queued,

    /// <summary>The intent is stored; the agent is being asked.</summary>
    Starting,

    /// <summary>The host is running the operation.</summary>
    Running,

    /// <summary>Both sites are in step: the item rests until its wave's outages are approved, and holds no limit.</summary>
    Synced,

    /// <summary>A person must decide about the machine before it goes on. Not a failure.</summary>
    Held,

    /// <summary>Terminal: failed back.</summary>
    Succeeded,

    /// <summary>Terminal: failed back, and the host reported warnings.</summary>
    SucceededWithWarnings,

    /// <summary>Terminal: failed.</summary>
    Failed,

    /// <summary>Terminal: cancelled.</summary>
    Cancelled,

    /// <summary>Terminal: not started, by a person's decision or because of a dependency.</summary>
    Skipped,

    /// <summary>Terminal until resolved: it is unknown how it ended.</summary>
    UnknownOutcome,
}

/// <summary>The states of a circuit breaker.</summary>
public enum BreakerStatus
{
    /// <summary>Items start.</summary>
    Closed,

    /// <summary>No item starts.</summary>
    Open,

    /// <summary>One item may start, as a probe.</summary>
    HalfOpen,
}

/// <summary>Why a campaign is paused.</summary>
public enum PauseCause
{
    /// <summary>It is not paused.</summary>
    None,

    /// <summary>A person paused it.</summary>
    Operator,

    /// <summary>More items failed than are tolerated.</summary>
    Tolerance,

    /// <summary>A gate was rejected.</summary>
    Gate,

    /// <summary>The window is closed.</summary>
    Window,

    /// <summary>Agents reject this coordinator: another process, or another coordinator, owns the campaign.</summary>
    Ownership,
}

/// <summary>Predicates on the states.</summary>
public static class Statuses
{
    /// <summary>Whether an item's state is terminal. UNKNOWN_OUTCOME is, until it is resolved.</summary>
    /// <param name="status">The item's state.</param>
    /// <returns>True for terminal states.</returns>
    public static bool IsTerminal(this ItemStatus status) => status >= ItemStatus.Succeeded;

    /// <summary>Whether an item has succeeded, with or without warnings.</summary>
    /// <param name="status">The item's state.</param>
    /// <returns>True for both successes.</returns>
    public static bool IsSuccess(this ItemStatus status) => status is ItemStatus.Succeeded or ItemStatus.SucceededWithWarnings;

    /// <summary>Whether a campaign's state is terminal.</summary>
    /// <param name="status">The campaign's state.</param>
    /// <returns>True for terminal states.</returns>
    public static bool IsTerminal(this CampaignStatus status) => status >= CampaignStatus.Completed;
}

/// <summary>State names in messages, UPPER_SNAKE_CASE as everywhere in the product.</summary>
internal static partial class StatusNames
{
    public static string Of(CampaignStatus status) => Spell(status.ToString());

    public static string Of(ItemStatus status) => Spell(status.ToString());

    public static string Of(WaveStatus status) => Spell(status.ToString());

    private static string Spell(string name) => Humps().Replace(name, "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Humps();
}
