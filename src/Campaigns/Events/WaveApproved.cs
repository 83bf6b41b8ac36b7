namespace HostAgent.Campaigns.Events;

/// <summary>A person approved the wave's gate.</summary>
/// <param name="Wave">Its position, from 0.</param>
/// <param name="Actor">Who, as the audit names them.</param>
/// <param name="Comment">A comment; may be empty.</param>
public sealed record WaveApproved(int Wave, string Actor, string Comment) : CampaignEvent;
