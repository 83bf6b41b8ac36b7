namespace HostAgent.Campaigns.States;

/// <summary>Items by state, kept up to date: reading costs nothing.</summary>
public sealed class ItemCounts
{
    private readonly int[] _byStatus = new int[Enum.GetValues<ItemStatus>().Length];

    /// <summary>All of them.</summary>
    public int Total { get; private set; }

    /// <summary>Those in terminal states, UNKNOWN_OUTCOME included.</summary>
    public int Terminal { get; private set; }

    /// <summary>Those in one state.</summary>
    /// <param name="status">The state.</param>
    public int this[ItemStatus status] => _byStatus[(int)status];

    internal void Add(ItemStatus status)
    {
        Total++;
        Terminal += status.IsTerminal() ? 1 : 0;
        _byStatus[(int)status]++;
    }

    internal void Move(ItemStatus from, ItemStatus to)
    {
        _byStatus[(int)from]--;
        _byStatus[(int)to]++;
        Terminal += (to.IsTerminal() ? 1 : 0) - (from.IsTerminal() ? 1 : 0);
    }
}
