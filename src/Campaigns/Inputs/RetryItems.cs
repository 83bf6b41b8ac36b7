namespace HostAgent.Campaigns.Inputs;

/// <summary>Starts new attempts at items that failed, were cancelled or skipped. A dependency that did not succeed is overridden.</summary>
/// <param name="Items">The items' ids; empty for every failed one.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record RetryItems(IReadOnlyList<string> Items, string Actor, string Reason) : CampaignInput;
