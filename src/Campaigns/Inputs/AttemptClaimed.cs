using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Inputs;

/// <summary>The agent has taken the campaign's claim, right before the attempt's call is sent for the first time.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Journal">Where the agent's journal stands.</param>
public sealed record AttemptClaimed(string Item, int Attempt, AgentJournal Journal) : ItemReport(Item, Attempt);

/// <summary>The agent refuses this coordinator. It says nothing of the attempt: the same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Epoch">The epoch that was refused.</param>
/// <param name="Explanation">What the agent said.</param>
public sealed record AttemptFenced(string Item, int Attempt, long Epoch, string Explanation) : ItemReport(Item, Attempt);
