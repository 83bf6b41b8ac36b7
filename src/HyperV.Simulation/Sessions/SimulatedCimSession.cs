using System.Runtime.CompilerServices;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Engine;

namespace HostAgent.HyperV.Simulation.Sessions;

/// <summary>One caller's session. All state belongs to the host; a session only knows whether it is still open.</summary>
internal sealed class SimulatedCimSession(SimulatedNamespace host, WatchPump pump, CallDelay delay) : ICimSession
{
    private readonly CancellationTokenSource _closed = new();

    public string Namespace => host.Name;

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Call(() => host.Get(path), cancellationToken);
    }

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(
        string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        ArgumentNullException.ThrowIfNull(filters);
        return Call(() => host.List(className, filters), cancellationToken);
    }

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(associationClass);
        ArgumentException.ThrowIfNullOrWhiteSpace(resultClass);
        return Call(() => host.ListAssociators(source, associationClass, resultClass), cancellationToken);
    }

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrWhiteSpace(methodName);
        ArgumentNullException.ThrowIfNull(inputs);
        return Call(() => host.Invoke(target, methodName, inputs), cancellationToken);
    }

    public async IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(
        string className, TimeSpan within, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(className);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        using var watch = pump.Begin(className, within);
        await foreach (var change in watch.Events.ReadAllAsync(either.Token))
        {
            yield return change;
        }
    }

    // Cancelled but not disposed: ending watches still hold its token, and it owns no timer or handle.
    public ValueTask DisposeAsync() => new(_closed.CancelAsync());

    private Task<T> Call<T>(Func<T> call, CancellationToken cancellationToken) => delay.Deliver(Make(call, cancellationToken), cancellationToken);

    // Everything is computed in memory (and written within microseconds), so calls complete synchronously.
    private Task<T> Make<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
            return Task.FromResult(call());
        }
        catch (Exception exception) when (exception is CimException or ObjectDisposedException or ArgumentException)
        {
            return Task.FromException<T>(exception);
        }
    }
}
