using System.Collections.Concurrent;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// Calls that timed out and have not ended since. WMI cannot recall a call: one that hangs in the host may still take effect later.
/// Calling again before it has ended could make the effect happen twice.
/// </summary>
internal sealed class AbandonedCalls
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an abandoned call of the method is still running.</summary>
    public bool Has(string method) => _counts.GetValueOrDefault(method) > 0;

    /// <summary>Tracks an abandoned call until it ends.</summary>
    public void Add(string method, Task call)
    {
        _counts.AddOrUpdate(method, 1, (_, count) => count + 1);
        _ = call.ContinueWith(
            _ => _counts.AddOrUpdate(method, 0, (_, count) => count - 1),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
