using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Effects;

/// <summary>Ask the host's agent to fail the machine back. Repeating it is safe: the agent answers a known operation from its journal.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="Epoch">The fencing number: the agent refuses a lower one than it has seen.</param>
/// <param name="RecoveryPoint">Which point in time.</param>
/// <param name="ReplicationSettings">Settings that replace the machine's own.</param>
/// <param name="IgnoredChecks">Readiness checks that are accepted.</param>
public sealed record Initiate(
    string Item,
    int Attempt,
    string Host,
    Guid VirtualMachineId,
    Guid OperationId,
    long Epoch,
    RecoveryPointChoice RecoveryPoint,
    ReplicationSettingsOverrides ReplicationSettings,
    IReadOnlyList<string> IgnoredChecks) : CampaignEffect
{
    /// <summary>
    /// Where the agent's journal stood before the call was sent for the first time. Null: it was never sent, and before it is, the
    /// campaign is claimed and the answer reported as <see cref="Inputs.AttemptClaimed"/>.
    /// </summary>
    public AgentJournal? Journal { get; init; }

    /// <summary>Whether the call may have been sent before.</summary>
    public bool IsRepetition { get; init; }
}
