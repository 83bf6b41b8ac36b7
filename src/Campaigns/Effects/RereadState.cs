namespace HostAgent.Campaigns.Effects;

/// <summary>Read the machine's replication state and report it as <see cref="Inputs.StateReread"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Host">The host's name.</param>
/// <param name="VirtualMachineId">The machine's GUID.</param>
public sealed record RereadState(string Item, int Attempt, string Host, Guid VirtualMachineId) : CampaignEffect;
