using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Watch;

/// <summary>One host of a watched campaign: its items by state, and the running ones.</summary>
internal sealed class HostView(string name)
{
    private readonly SortedDictionary<string, Item> _active = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public int Total { get; private set; }

    /// <summary>Those that succeeded, with or without warnings.</summary>
    public int Succeeded { get; private set; }

    /// <summary>Those that failed, were cancelled or are of unknown outcome.</summary>
    public int Unsuccessful { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Those waiting for their turn or for another attempt.</summary>
    public int Waiting => Total - Succeeded - Unsuccessful - Skipped - _active.Count;

    /// <summary>The running items, by resource name.</summary>
    public IReadOnlyCollection<Item> Active => _active.Values;

    /// <summary>Takes an item in as it is now; constant time except for running items.</summary>
    public void Add(Item item) => Count(item, +1);

    /// <summary>Takes an item out as it was when it was added.</summary>
    public void Remove(Item item) => Count(item, -1);

    private void Count(Item item, int change)
    {
        Total += change;
        switch (item.State)
        {
            case var state when state.IsSuccess():
                Succeeded += change;
                break;
            case ItemState.Failed or ItemState.Cancelled or ItemState.UnknownOutcome:
                Unsuccessful += change;
                break;
            case ItemState.Skipped:
                Skipped += change;
                break;
            case var state when state.IsActive() && change > 0:
                _active[item.Name] = item;
                break;
            case var state when state.IsActive():
                _active.Remove(item.Name);
                break;
            default:
                break;
        }
    }
}
