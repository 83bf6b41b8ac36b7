using HostAgent.Cli.Connection;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands;

/// <summary>Lists that are read to their end, page by page.</summary>
internal static class CoordinatorLists
{
    /// <summary>The hosts of the inventory with what was last seen of them, by name.</summary>
    public static async Task<IReadOnlyList<ManagedHost>> HostsAsync(CoordinatorConnection coordinator, CancellationToken cancellationToken)
    {
        var request = new ListHostsRequest();
        var all = new List<ManagedHost>();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Hosts.ListHostsAsync(request, coordinator.Deadline(cancellationToken));
            all.AddRange(page.Hosts);
            return page.NextPageToken;
        });
        return all;
    }

    /// <summary>The campaigns that a request asks for, newest first; its page token is overwritten.</summary>
    public static async Task<IReadOnlyList<Contracts.Campaigns.V1.Campaign>> CampaignsAsync(CoordinatorConnection coordinator, ListCampaignsRequest request, CancellationToken cancellationToken)
    {
        var all = new List<Contracts.Campaigns.V1.Campaign>();
        await Pages.ReadAllAsync(async token =>
        {
            request.PageToken = token;
            var page = await coordinator.Campaigns.ListCampaignsAsync(request, coordinator.Deadline(cancellationToken));
            all.AddRange(page.Campaigns);
            return page.NextPageToken;
        });
        return all;
    }
}
