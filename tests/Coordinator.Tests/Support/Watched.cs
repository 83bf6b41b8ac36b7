using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>What a watcher has been told so far.</summary>
internal sealed class Watched
{
    public Campaign Campaign { get; private set; } = new();

    public Dictionary<string, Item> Items { get; } = [];

    public List<CampaignUpdate> Updates { get; } = [];

    public bool IsComplete => Updates.Exists(update => !update.Snapshot);

    public void Take(CampaignUpdate update)
    {
        Updates.Add(update);
        Campaign = update.Campaign ?? Campaign;
        foreach (var item in update.Items)
        {
            Items[item.Name] = item;
        }
    }

    public Item Item(string machine) => Items.Values.Single(item => item.VirtualMachineName == machine);
}
