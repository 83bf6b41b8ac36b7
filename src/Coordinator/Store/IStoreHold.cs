namespace HostAgent.Coordinator.Store;

/// <summary>
/// Whether this process still has the store to itself. A process that was stopped for a while may have lost it to one that stood by, and must not take
/// campaigns back from that one: the two would take them from each other without end.
/// </summary>
internal interface IStoreHold
{
    /// <summary>Since when the process has the store; null for a store that no other process can take over from it.</summary>
    StoreTerm? Term { get; }

    /// <summary>Requires that it has, by asking now.</summary>
    /// <exception cref="StoreUnavailableException">It has not, or the store does not answer.</exception>
    Task RequireAsync(CancellationToken cancellationToken);
}

/// <summary>What becomes of a hold that another process may take over.</summary>
/// <param name="Lost">Another one has taken it.</param>
internal sealed record HoldEvents(Action Lost)
{
    /// <summary>Begins what is done while another one has it; null for nothing.</summary>
    public Func<Task<IStandby>>? StandBy { get; init; }

    /// <summary>The store has not answered for this long, so another process may have taken it over. Called repeatedly until it answers.</summary>
    public Action<TimeSpan>? Doubted { get; init; }

    /// <summary>The store answers again and is still held.</summary>
    public Action? Regained { get; init; }
}

/// <summary>One period during which one process has a store to itself.</summary>
/// <param name="Store">The same for every coordinator that uses the store, and another one for a copy that another server serves.</param>
/// <param name="Number">At least 1; a later term of the store has a higher number.</param>
internal sealed record StoreTerm(string Store, long Number);

/// <summary>A store in a directory that is locked for as long as the process lives.</summary>
internal sealed class DirectoryHold : IStoreHold
{
    public StoreTerm? Term => null;

    public Task RequireAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Where the coordinator that is at work is reached by those that stand by.</summary>
/// <param name="Address">Of the API, <c>https://host:port</c>.</param>
/// <param name="Console">Of the console; null without one.</param>
internal sealed record PlaceAtWork(string Address, string? Console);

/// <summary>What a coordinator does while it stands by; disposed of before it is at work itself.</summary>
internal interface IStandby : IAsyncDisposable
{
    /// <summary>Says where the one at work is.</summary>
    /// <param name="place">Null while none is, or while it does not listen yet.</param>
    void Found(PlaceAtWork? place);
}
