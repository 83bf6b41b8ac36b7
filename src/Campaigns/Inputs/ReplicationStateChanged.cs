namespace HostAgent.Campaigns.Inputs;

/// <summary>A machine's replication state is another one than it may have been before. What was checked in another state counts no longer.</summary>
/// <param name="Item">The item's id, which is the machine's GUID in lower case; machines that are no items are ignored.</param>
/// <param name="ReplicationState">The state by its name, spelt as in <see cref="ReadinessChecked"/>.</param>
public sealed record ReplicationStateChanged(string Item, string ReplicationState) : CampaignInput;
