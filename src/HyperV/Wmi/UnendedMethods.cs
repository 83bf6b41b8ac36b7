using System.Collections.Concurrent;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// The methods that were called, given up, and have not ended since. WMI takes no call back: one that hangs in the host may take effect whenever
/// the host goes on. Whoever has found no effect so far must not call again before it has ended, or there may be two.
/// </summary>
internal sealed class UnendedMethods
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a call of the method that was given up is still at work.</summary>
    public bool Has(string method) => _counts.GetValueOrDefault(method) > 0;

    /// <summary>Notes a call that is given up, until it ends.</summary>
    public void Add(string method, Task call)
    {
        _counts.AddOrUpdate(method, 1, (_, count) => count + 1);
        _ = call.ContinueWith(
            _ => _counts.AddOrUpdate(method, 0, (_, count) => count - 1),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
