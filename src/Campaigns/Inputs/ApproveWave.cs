namespace HostAgent.Campaigns.Inputs;

/// <summary>Approves a wave's gate.</summary>
/// <param name="Wave">The wave's name.</param>
/// <param name="Actor">Who; must be one of the gate's approvers.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record ApproveWave(string Wave, string Actor, string Comment) : CampaignInput;
