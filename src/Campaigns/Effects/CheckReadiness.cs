using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Effects;

/// <summary>
/// Ask the host's agent whether the machine is ready, and report the answer as <see cref="Inputs.ReadinessChecked"/>. Asking twice is
/// harmless. It is to be repeated until the agent answers; when nobody can answer at all, nothing need be reported.
/// </summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">To be given back in the report.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
/// <param name="RecoveryPoint">The point in time that would be used.</param>
/// <param name="IgnoredChecks">Readiness checks that are accepted, where they ask and do not block.</param>
public sealed record CheckReadiness(
    string Item,
    long Revision,
    string Host,
    Guid VirtualMachineId,
    RecoveryPointChoice RecoveryPoint,
    IReadOnlyList<string> IgnoredChecks) : CampaignEffect;
