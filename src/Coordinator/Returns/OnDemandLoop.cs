namespace HostAgent.Coordinator.Returns;

/// <summary>
/// Work that goes on by itself until it decides to stop, and is started again when there is more: at most one at a time. Whoever finds that nothing is left to do
/// says so before he leaves; what is started after that goes on, even if he has not left yet.
/// </summary>
/// <param name="run">The work. It calls <see cref="End"/> where it decides to stop.</param>
internal sealed class OnDemandLoop(Func<Task> run)
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private bool _isOn;

    /// <summary>Completes when nothing of it runs any more, as of now.</summary>
    public Task Completion
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    /// <summary>Starts it unless it goes on already.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_isOn)
            {
                _isOn = true;
                _running = RunAsync(_running);
            }
        }
    }

    /// <summary>Called by the work: it stops, and whatever comes from now on is not its own.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOn = false;
        }
    }

    private async Task RunAsync(Task former)
    {
        // Never on the caller's thread, and never beside the one that is leaving.
        await Task.Yield();
        await former;
        await run();
    }
}
