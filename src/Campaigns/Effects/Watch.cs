using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Effects;

/// <summary>Follow an operation that the agent has been asked for, and report what it says.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
public sealed record Watch(string Item, int Attempt, string Host, Guid OperationId) : CampaignEffect
{
    /// <summary>What the agent's journal had come to before the operation was first sent; only while no acceptance of it is known.</summary>
    public AgentJournal? Journal { get; init; }
}
