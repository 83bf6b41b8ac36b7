using System.Collections.Concurrent;
using System.Diagnostics;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Benchmarks.Agent;

/// <summary>One failback and its watchers, from its start to its end.</summary>
internal sealed class FanOut(SimulatedAgent agent, int watchers)
{
    private readonly ConcurrentDictionary<(long Sequence, int? Percent), Arrivals> _events = new();
    private int _joined;
    private long _messages;
    private long _allocatedBefore;

    public async Task<FanOutResult> MeasureAsync(CancellationToken cancellation)
    {
        var request = agent.NextRequest();
        using var failback = agent.Client.InitiateFailback(request, cancellationToken: cancellation);
        if (!await failback.ResponseStream.MoveNext(cancellation))
        {
            throw new InvalidOperationException($"The failback {request.OperationId} was not accepted.");
        }

        await Task.WhenAll(Enumerable.Range(0, watchers).Select(_ => WatchAsync(request.OperationId, cancellation)));
        var allocated = GC.GetTotalAllocatedBytes() - _allocatedBefore;
        var complete = _events.Values.Where(arrivals => arrivals.Count == watchers).Select(arrivals => arrivals.Spread).ToList();
        var spread = complete.Count > 0 ? Durations.Of(complete) : null;
        return new FanOutResult(
            watchers,
            _messages,
            complete.Count,
            spread,
            watchers > 1 && spread is { MedianMicroseconds: > 0 } ? Math.Round(watchers / (spread.MedianMicroseconds / 1e6)) : null,
            _messages > 0 ? allocated / _messages : 0);
    }

    private async Task WatchAsync(string operation, CancellationToken cancellation)
    {
        using var watch = agent.Client.WatchFailback(new WatchFailbackRequest { OperationId = operation }, cancellationToken: cancellation);
        var isFirst = true;
        while (await watch.ResponseStream.MoveNext(cancellation))
        {
            if (isFirst)
            {
                isFirst = false;
                Join();
            }
            else if (Volatile.Read(ref _joined) == watchers)
            {
                Receive(watch.ResponseStream.Current);
            }
        }
    }

    private void Join()
    {
        if (Interlocked.Increment(ref _joined) == watchers)
        {
            _allocatedBefore = GC.GetTotalAllocatedBytes();
        }
    }

    private void Receive(FailbackProgress message)
    {
        Interlocked.Increment(ref _messages);
        _events.GetOrAdd((message.Sequence, message.HasPercentComplete ? message.PercentComplete : null), _ => new Arrivals()).Add(Stopwatch.GetTimestamp());
    }

    private sealed class Arrivals
    {
        private readonly Lock _gate = new();
        private long _first = long.MaxValue;
        private long _last;

        public int Count { get; private set; }

        /// <summary>From the first to the last, in the stopwatch's ticks.</summary>
        public long Spread => _last - _first;

        public void Add(long time)
        {
            lock (_gate)
            {
                (_first, _last) = (Math.Min(_first, time), Math.Max(_last, time));
                Count++;
            }
        }
    }
}
