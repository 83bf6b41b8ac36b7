namespace HostAgent.Campaigns.Inputs;

/// <summary>Rejects a wave's gate: the campaign pauses until it is approved after all, or stopped.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record RejectWave(string Wave, string Actor, string Comment) : CampaignInput;
