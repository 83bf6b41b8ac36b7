namespace HostAgent.Campaigns.Effects;

/// <summary>Ask the agent to terminate the operation's job. A person has confirmed it.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record CancelOperation(string Item, int Attempt, string Host, Guid OperationId, string Reason) : CampaignEffect;
