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

    /// <summary>The store has been silent for so long that another one may have it by now, which nobody here can know. Called again as long as that lasts.</summary>
    public Action<TimeSpan>? Doubted { get; init; }

    /// <summary>It is held after all.</summary>
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
