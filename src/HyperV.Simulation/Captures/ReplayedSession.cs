using System.Runtime.CompilerServices;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Simulation.Captures;

/// <summary>A session on one namespace of a replayed host.</summary>
/// <param name="host">The host.</param>
/// <param name="namespaceName">The namespace.</param>
internal sealed class ReplayedSession(ReplayedHost host, string namespaceName) : ICimSession
{
    private const uint NotSupported = 0x8004100C; // WBEM_E_NOT_SUPPORTED

    public string Namespace => namespaceName;

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
        => Answer(() => host.Find(namespaceName, path), cancellationToken);

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        => Answer<IReadOnlyList<CimInstance>>(() => [.. host.List(namespaceName, className).Where(instance => filters.All(filter => Fits(filter, instance)))], cancellationToken);

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
        => Answer(() => host.Associated(namespaceName, source, associationClass, resultClass), cancellationToken);

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
        => throw new CimException(NotSupported, $"{target.ClassName}.{methodName} cannot be invoked: a capture only shows what a host has shown.");

    public async IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Events are hints, and a test that makes a change knows of it.
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool Fits(CimFilter filter, CimInstance instance) => (filter.Value, filter.ValueIn(instance)) switch
    {
        (string wanted, string value) => string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase),
        (bool wanted, bool value) => wanted == value,
        (_, null) => false,
        (IConvertible wanted, IConvertible value) and not (string, _) => wanted.ToDecimal(null) == value.ToDecimal(null),
        _ => false,
    };

    private static Task<T> Answer<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(read());
    }
}
