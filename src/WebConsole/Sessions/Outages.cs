namespace HostAgent.WebConsole.Sessions;

/// <summary>The services that are down for their switch.</summary>
internal static class Outages
{
    private const int Most = 1000;

    /// <summary>All of them; with a campaign those of its machines.</summary>
    public static async Task<IReadOnlyList<Return>> OfAsync(ConsoleSession session, string? campaign, CancellationToken cancellationToken)
    {
        var live = await session.Returns.ListReturnsAsync(new ListReturnsRequest { LiveOnly = true, PageSize = Most }, session.Soon(cancellationToken));
        List<Return> down = [.. live.Returns.Where(one => one.OutageSince is not null).OrderBy(one => one.OutageSince.ToDateTimeOffset())];
        if (campaign is null || down.Count == 0)
        {
            return down;
        }

        // A service is down while its item is in flight or held, and limits keep those few.
        var request = new ListItemsRequest { Parent = campaign, PageSize = Most };
        request.States.AddRange([ItemState.Starting, ItemState.Running, ItemState.Held]);
        var items = await session.Campaigns.ListItemsAsync(request, session.Soon(cancellationToken));
        var machines = items.Items.Select(item => $"returns/{item.VirtualMachineId}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. down.Where(one => machines.Contains(one.Name))];
    }
}
