namespace HostAgent.Campaigns.Inputs;

/// <summary>Something that <see cref="CampaignMachine.Handle"/> reacts to: a person's command, an agent's report, or the time.</summary>
public abstract record CampaignInput;
