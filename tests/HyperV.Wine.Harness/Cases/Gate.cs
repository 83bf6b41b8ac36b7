using HostAgent.HyperV.Wine.Harness.Served;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>Holds calls at a station until it is opened.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();

    /// <summary>Holds every call that comes to the station with this subject; null for any.</summary>
    public Interference HoldAt(Station held, string? heldSubject = null) => (station, subject) =>
    {
        if (station == held && (heldSubject is null || subject == heldSubject))
        {
            _reached.TrySetResult();
            _open.Wait();
        }

        return 0;
    };

    /// <summary>Ends when a call is held.</summary>
    public Task ReachedAsync() => _reached.Task;

    /// <summary>Lets all calls pass.</summary>
    public void Open() => _open.Set();

    // The event itself is left to the collector: a call that was held may still be leaving it.
    public void Dispose() => _open.Set();
}
