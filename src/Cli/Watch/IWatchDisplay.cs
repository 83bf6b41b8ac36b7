using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>Shows a campaign while it is being watched.</summary>
internal interface IWatchDisplay
{
    /// <summary>Shows for as long as the watch runs, and returns its result.</summary>
    Task<Campaign> ShowAsync(Func<Task<Campaign>> watch);

    /// <summary>Takes an update.</summary>
    void Update(CampaignUpdate update);

    /// <summary>The coordinator does not answer at the moment; it is tried again.</summary>
    void Disconnected(string reason);
}
