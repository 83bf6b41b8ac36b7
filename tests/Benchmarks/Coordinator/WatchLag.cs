using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>
/// Many watchers of one running campaign. An agent's last word about an item carries the time at which it was said, and comes to every watcher as the item's explanation.
/// </summary>
internal sealed class WatchLag(MeasuredCoordinator coordinator, WatchWork work) : IDisposable
{
    private const int WatchersPerConnection = 10;

    // Each joins with a copy of the whole campaign.
    private const int JoiningAtOnce = 20;

    private readonly SemaphoreSlim _joining = new(JoiningAtOnce, JoiningAtOnce);
    private readonly Watcher[] _watchers = [.. Enumerable.Range(0, work.Watchers).Select(_ => new Watcher())];
    private readonly TaskCompletionSource _allJoined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _joined;

    // Between these, ends are counted.
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;

    public async Task<WatchResult> MeasureAsync(string campaign, CancellationToken cancellation)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channels = Enumerable.Range(0, (work.Watchers + WatchersPerConnection - 1) / WatchersPerConnection).Select(_ => coordinator.Connect()).ToList();
        try
        {
            var watching = _watchers.Select((watcher, index) => WatchAsync(channels[index / WatchersPerConnection], watcher, campaign, leaving.Token)).ToList();
            // A watcher that fails ends the measurement.
            await await Task.WhenAny([_allJoined.Task, .. watching]);
            await Task.Delay(work.Settle, cancellation);
            var before = await coordinator.ReadAsync(collect: false, cancellation);
            var began = Stopwatch.GetTimestamp();
            Volatile.Write(ref _from, began);
            await Task.Delay(work.Window, cancellation);
            var end = Stopwatch.GetTimestamp();
            var after = await coordinator.ReadAsync(collect: false, cancellation);
            Volatile.Write(ref _to, end);
            // What was said in the window may come after it.
            await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
            await leaving.CancelAsync();
            await Task.WhenAll(watching);
            return ResultOf(Stopwatch.GetElapsedTime(began, end).TotalSeconds, after.CpuSeconds - before.CpuSeconds);
        }
        finally
        {
            channels.ForEach(channel => channel.Dispose());
        }
    }

    public void Dispose() => _joining.Dispose();

    private WatchResult ResultOf(double seconds, double cpuSeconds)
    {
        var ends = _watchers.SelectMany(watcher => watcher.Ends).Where(end => end.Said < _to).GroupBy(end => end.Said).ToList();
        var complete = ends.Where(end => end.Count() == work.Watchers).Select(end => end.Max(one => one.Read) - end.Min(one => one.Read)).ToList();
        return complete.Count == 0
            ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"None of {ends.Count} ends of items came to all {work.Watchers} watchers."))
            : new WatchResult(
                work.Watchers,
                work.Active,
                complete.Count,
                ends.Count - complete.Count,
                Durations.Of([.. ends.SelectMany(end => end.Select(one => one.Read - one.Said))]),
                Durations.Of(complete),
                Math.Round(_watchers.Average(watcher => watcher.Changes) / seconds, 1),
                Math.Round(cpuSeconds / seconds, 2));
    }

    private async Task WatchAsync(GrpcChannel channel, Watcher watcher, string campaign, CancellationToken cancellation)
    {
        var client = new Contracts.Campaigns.V1.Campaigns.CampaignsClient(channel);
        await _joining.WaitAsync(cancellation);
        var isJoining = true;
        try
        {
            using var call = client.WatchCampaign(new WatchCampaignRequest { Name = campaign }, cancellationToken: cancellation);
            await foreach (var update in call.ResponseStream.ReadAllAsync(cancellation))
            {
                if (isJoining && !update.Snapshot)
                {
                    isJoining = false;
                    _joining.Release();
                    if (Interlocked.Increment(ref _joined) == work.Watchers)
                    {
                        _allJoined.TrySetResult();
                    }
                }
                else if (!isJoining)
                {
                    watcher.Take(update, Volatile.Read(ref _from), Volatile.Read(ref _to));
                }
            }
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException && cancellation.IsCancellationRequested)
        {
            // It was told to leave.
        }
        finally
        {
            if (isJoining)
            {
                _joining.Release();
            }
        }
    }

    /// <summary>What one watcher has seen; only its own call writes it.</summary>
    private sealed class Watcher
    {
        public List<(long Said, long Read)> Ends { get; } = [];

        public long Changes { get; private set; }

        public void Take(CampaignUpdate update, long from, long to)
        {
            var now = Stopwatch.GetTimestamp();
            Changes += now >= from && now < to ? update.Items.Count : 0;
            foreach (var item in update.Items)
            {
                if (item.State == ItemState.Succeeded && ScriptedFailback.TryReadEnd(item.Explanation, out var said) && said >= from)
                {
                    Ends.Add((said, now));
                }
            }
        }
    }
}
