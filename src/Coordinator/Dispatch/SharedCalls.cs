namespace HostAgent.Coordinator.Dispatch;

/// <summary>Calls in flight, by what they ask: callers that ask the same thing meanwhile share the answer. Nothing is kept after a call has ended. Thread-safe.</summary>
internal sealed class SharedCalls<TKey, TAnswer>
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, TaskCompletionSource<TAnswer>> _underWay = [];

    /// <summary>Makes a call, or waits for the one under way.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="call">Asks it; called only when nobody is asking.</param>
    /// <param name="cancellationToken">Gives up. When that was the call that others wait for, one of them makes the next.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async Task<TAnswer> AskAsync(TKey key, Func<CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var mine = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource<TAnswer>? others;
            lock (_lock)
            {
                if (!_underWay.TryGetValue(key, out others))
                {
                    _underWay.Add(key, mine);
                }
            }

            if (others is null)
            {
                return await MakeAsync(key, mine, call, cancellationToken);
            }

            try
            {
                return await others.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever made the call has given up.
            }
        }
    }

    private async Task<TAnswer> MakeAsync(TKey key, TaskCompletionSource<TAnswer> mine, Func<CancellationToken, Task<TAnswer>> call, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await call(cancellationToken);
            End(key);
            mine.SetResult(answer);
            return answer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            End(key);
            mine.SetCanceled(CancellationToken.None);
            throw;
        }
        catch (Exception exception)
        {
            End(key);
            mine.SetException(exception);
            // This caller gets it here; marked as observed, because there may be no other.
            _ = mine.Task.Exception;
            throw;
        }
    }

    // Done before the waiters continue, so that anyone who asks after this makes a new call.
    private void End(TKey key)
    {
        lock (_lock)
        {
            _underWay.Remove(key);
        }
    }
}
