namespace HostAgent.Campaigns.States;

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
