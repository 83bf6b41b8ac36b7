namespace HostAgent.Coordinator.Store;

/// <summary>
/// Whether this process still has the store to itself. A process that was stopped for a while may have lost it to one that stood by, and must not take
/// campaigns back from that one: the two would take them from each other without end.
/// </summary>
internal interface IStoreHold
{
    /// <summary>Requires that it has, by asking now.</summary>
    /// <exception cref="StoreUnavailableException">It has not, or the store does not answer.</exception>
    Task RequireAsync(CancellationToken cancellationToken);
}

/// <summary>A store in a directory that is locked for as long as the process lives.</summary>
internal sealed class DirectoryHold : IStoreHold
{
    public Task RequireAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
