namespace HostAgent.Campaigns.Inputs;

/// <summary>
/// Starts new attempts at items that failed, were cancelled or skipped; a campaign that has ended runs again. A named item waits for
/// dependencies that are tried again with it or still to come; those that ended without success are overridden.
/// </summary>
/// <param name="Items">
/// The items' ids; empty for every failed one and those that were skipped for such items alone. A stopped campaign is retried as a
/// whole, without naming items: whatever it has not finished goes on.
/// </param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RetryItems(IReadOnlyList<string> Items, string Actor, string Reason) : CampaignInput;
