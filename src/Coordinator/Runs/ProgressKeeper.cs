using System.Threading.Channels;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// Stores the percentages of a campaign: changed percentages are written together, at most every few seconds.
/// They are not events and no decision depends on them; they are shown after a restart until the agents report again.
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

    /// <summary>Starts storing.</summary>
    /// <param name="take">Returns what has changed since the last call.</param>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="store">The store.</param>
    /// <param name="time">The clock.</param>
    public ProgressKeeper(Func<IReadOnlyList<ItemProgress>> take, Guid campaign, IEventStore store, TimeProvider time)
    {
        (_take, _campaign, _store, _time) = (take, campaign, store, time);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Notes that a percentage has changed; never blocks.</summary>
    public void Note() => _moved.Writer.TryWrite(true);

    /// <summary>Writes what is left, and stops.</summary>
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
            // The run is ending; DisposeAsync writes what has changed since.
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
        catch (Exception exception) when (exception is StoreUnavailableException or StoreOutcomeUnknownException or VersionConflictException)
        {
            // The store has logged it. A percentage that was not written is replaced by the next change.
        }
    }
}
