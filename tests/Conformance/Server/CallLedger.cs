using System.Collections.Concurrent;

namespace HostAgent.Conformance.Server;

/// <summary>What our server saw of the calls, by the case that the caller named.</summary>
internal sealed class CallLedger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<CallObservation>> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _cancellations = new(StringComparer.Ordinal);

    /// <summary>The calls of a case, in the order in which they came.</summary>
    public IReadOnlyList<CallObservation> Calls(string caseName) => [.. _calls.GetValueOrDefault(caseName) ?? []];

    /// <summary>Ends once a call of the case was left by its caller before we had answered it.</summary>
    public Task CancellationAsync(string caseName, TimeSpan? patience = null) => Cancellation(caseName).Task.WaitAsync(patience ?? Patience);

    public void Add(string caseName, CallObservation call) => _calls.GetOrAdd(caseName, _ => new ConcurrentQueue<CallObservation>()).Enqueue(call);

    public void AddCancellation(string caseName) => Cancellation(caseName).TrySetResult();

    private TaskCompletionSource Cancellation(string caseName) =>
        _cancellations.GetOrAdd(caseName, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
