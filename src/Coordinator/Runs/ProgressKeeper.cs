using System.Threading.Channels;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Keeps the percentages of a campaign in the store, coarsely: what has moved is written at most every few seconds, all of it at once.
/// They are no facts and no decision depends on them; they are what is shown after a restart until the agents say more.
/// </summary>
internal sealed class ProgressKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Func<IReadOnlyList<ItemProgress>> _take;
    private readonly Guid _campaign;
    private readonly IEventStore _store;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _moved = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _loop;

    /// <summary>Begins to keep.</summary>
    /// <param name="take">Takes what has moved since the last time.</param>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="store">Where it is kept.</param>
    /// <param name="time">The clock.</param>
    public ProgressKeeper(Func<IReadOnlyList<ItemProgress>> take, Guid campaign, IEventStore store, TimeProvider time)
    {
        (_take, _campaign, _store, _time) = (take, campaign, store, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Hears that something has moved; never waits.</summary>
    public void Note() => _moved.Writer.TryWrite(true);

    /// <summary>Writes what is left, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        if (_moved.Reader.TryRead(out _))
        {
            await KeepAsync();
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _moved.Reader.WaitToReadAsync(_stopping.Token))
            {
                await Task.Delay(Interval, _time, _stopping.Token);
                _moved.Reader.TryRead(out _);
                await KeepAsync();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The run ends, and what has moved since is written by its end.
        }
    }

    private async Task KeepAsync()
    {
        if (_take() is not { Count: > 0 } progress)
        {
            return;
        }

        try
        {
            await _store.AppendAsync(new StreamAppend(_campaign, 0, [], [], null) { Progress = progress });
        }
        catch (Exception exception) when (exception is StoreUnavailableException or VersionConflictException)
        {
            // The store has logged it. A percentage that is not kept is said again by the next one that moves.
        }
    }
}
