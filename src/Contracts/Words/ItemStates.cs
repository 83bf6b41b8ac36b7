using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Contracts.Words;

/// <summary>What the states of items and campaigns mean for a watcher.</summary>
public static class ItemStates
{
    /// <summary>Whether the host is working on it, or is being asked to.</summary>
    public static bool IsActive(this ItemState state) => state is ItemState.Starting or ItemState.Running;

    /// <summary>Whether it succeeded, with or without warnings.</summary>
    public static bool IsSuccess(this ItemState state) => state is ItemState.Succeeded or ItemState.SucceededWithWarnings;

    /// <summary>Whether a person should look at it.</summary>
    public static bool NeedsAttention(this ItemState state)
        => state is ItemState.Failed or ItemState.UnknownOutcome or ItemState.Cancelled or ItemState.SucceededWithWarnings or ItemState.Held;

    /// <summary>Whether it has not left its place in the plan yet.</summary>
    public static bool IsUntouched(this ItemState state) => state is ItemState.Unspecified or ItemState.Pending or ItemState.Ready;

    /// <summary>Whether nothing more happens without a person.</summary>
    public static bool IsTerminal(this ItemState state)
        => state.IsSuccess() || state is ItemState.Failed or ItemState.Cancelled or ItemState.Skipped or ItemState.UnknownOutcome;

    public static bool IsTerminal(this CampaignState state)
        => state is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped;

    /// <summary>The items that have ended, in any way.</summary>
    public static int Done(this ItemCounts counts)
        => counts.Succeeded + counts.SucceededWithWarnings + counts.Failed + counts.Cancelled + counts.Skipped + counts.UnknownOutcome;

    /// <summary>The active items.</summary>
    public static int Active(this ItemCounts counts) => counts.Starting + counts.Running;

    /// <summary>The items that have not begun or wait for another attempt.</summary>
    public static int Waiting(this ItemCounts counts) => counts.Pending + counts.Queued;

    /// <summary>The items that succeeded, with or without warnings.</summary>
    public static int AllSucceeded(this ItemCounts counts) => counts.Succeeded + counts.SucceededWithWarnings;
}
