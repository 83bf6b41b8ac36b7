using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Runs calls that block. WMI calls do, and some ignore their own timeout, so each runs on a pool thread (which is in the multi-threaded
/// apartment, as WMI requires) and is abandoned at its deadline. An abandoned call keeps its slot until it ends, so that a hung host costs at
/// most MaxConcurrentCalls threads. An abandoned method is not called again before it has ended: it may still take effect, and a second call
/// could make the effect happen twice.
/// </summary>
/// <param name="options">The deadline and the number of slots.</param>
/// <param name="time">Clock for the deadlines.</param>
/// <param name="owner">The session, for messages.</param>
internal sealed class BlockingCalls(WmiSessionOptions options, TimeProvider time, ICimSession owner) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(options.MaxConcurrentCalls);
    private readonly ConcurrentDictionary<string, int> _abandoned = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _disposal = new();
    private int _disposed;

    /// <summary>Runs a call.</summary>
    /// <param name="call">What is called, for messages.</param>
    /// <param name="body">The call. Its token is cancelled when nobody waits for the call any more; a read may then be ended, a method may not.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="method">The method, if the call invokes one.</param>
    /// <exception cref="CimException">With <see cref="CimErrorCode.TimedOut"/> at the deadline.</exception>
    public async Task<T> RunAsync<T>(string call, Func<CancellationToken, T> body, CancellationToken cancellationToken, string? method = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        using var deadline = new CancellationTokenSource(options.CallTimeout, time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, _disposal.Token);
        Task<T>? work = null;
        try
        {
            await _slots.WaitAsync(end.Token);
            work = Task.Run(() => RunAndLeave(body, end.Token), CancellationToken.None);
            return await work.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CimException(CimErrorCode.TimedOut, $"{call} did not end within {options.CallTimeout.TotalSeconds:0} s.");
        }
        finally
        {
            if (work is { IsCompleted: false })
            {
                Abandon(method, work, end);
            }
            else
            {
                end.Dispose();
            }
        }
    }

    /// <summary>Refuses a method of which an abandoned call is still running.</summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.ServerTooBusy"/>.</exception>
    public void RequireEnded(string method)
    {
        if (_abandoned.GetValueOrDefault(method) > 0)
        {
            throw new CimException(CimErrorCode.ServerTooBusy, $"An earlier {method} call timed out and is still running on the host; {method} is not called again until that call has ended.");
        }
    }

    /// <summary>Runs a watch on a thread of its own.</summary>
    /// <param name="run">Writes events until its token is cancelled, and completes the writer.</param>
    /// <param name="cancellationToken">The watcher's.</param>
    public async IAsyncEnumerable<CimInstanceEvent> WatchAsync(
        Action<ChannelWriter<CimInstanceEvent>, CancellationToken> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);

        // Events are hints: when the reader falls behind, drop the oldest.
        var events = Channel.CreateBounded<CimInstanceEvent>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });
        var token = end.Token;
        _ = Task.Factory.StartNew(() => run(events.Writer, token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var change in events.Reader.ReadAllAsync(token))
            {
                yield return change;
            }

            token.ThrowIfCancellationRequested();
        }
        finally
        {
            // Do not wait for the thread: it exits at its next turn, and a hung host must not block the watcher.
            await end.CancelAsync();
        }
    }

    /// <summary>Ends all calls and watches for those who wait for them. The threads of calls that hang are not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposal.CancelAsync();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed != 0, owner);

    private void Abandon(string? method, Task work, CancellationTokenSource end)
    {
        if (method is not null)
        {
            _abandoned.AddOrUpdate(method, 1, (_, count) => count + 1);
        }

        _ = work.ContinueWith(
            ended =>
            {
                // Whoever waited for it has an answer; that it failed too changes nothing.
                _ = ended.Exception;
                if (method is not null)
                {
                    _abandoned.AddOrUpdate(method, 0, (_, count) => count - 1);
                }

                end.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private T RunAndLeave<T>(Func<CancellationToken, T> body, CancellationToken cancellationToken)
    {
        try
        {
            return body(cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }
}
