namespace HostAgent.Coordinator.Tests.Support;

/// <summary>Lets tests wait until something is so, woken by every change.</summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Pulse()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    public Task Next()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }

    public async Task UntilAsync(Func<bool> condition, string what, CancellationToken cancellation = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limits.Patience);
        while (true)
        {
            var next = Next();
            if (condition())
            {
                return;
            }

            try
            {
                await next.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Limits.Patience} in vain for: {what}.", late);
            }
        }
    }
}
