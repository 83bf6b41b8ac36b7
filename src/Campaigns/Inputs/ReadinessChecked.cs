namespace HostAgent.Campaigns.Inputs;

/// <summary>What the agent found about an item's readiness; the answer to <see cref="Effects.CheckReadiness"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">As the effect had it; an answer for a document that has been replaced since is ignored.</param>
/// <param name="Ready">Whether no check blocks, and none asks that the document does not ignore.</param>
/// <param name="Reasons">Those that do, one sentence each, beginning with the check's id; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state by its name.</param>
public sealed record ReadinessChecked(
    string Item,
    long Revision,
    bool Ready,
    IReadOnlyList<string> Reasons,
    string ReplicationState) : CampaignInput;
