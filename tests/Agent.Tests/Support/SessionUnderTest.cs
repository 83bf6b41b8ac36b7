using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Tests.Support;

/// <summary>Counts what is asked of a host, and comes between where a test wants it.</summary>
internal sealed class SessionUnderTest(ICimSession inner) : ICimSession
{
    private int _calls;
    private int _refused;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many calls have failed because the host was out of reach: each is counted when that is settled.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Set to make every call fail, as a host that is out of reach does.</summary>
    public bool OutOfReach { get; set; }

    /// <summary>Stands in for InitiateFailback; calls what it is given to let it through.</summary>
    public Func<Func<Task<CimMethodResult>>, Task<CimMethodResult>>? OnInitiate { get; set; }

    /// <summary>Stands in for a change of a machine's power; calls what it is given to let it through.</summary>
    public Func<Func<Task<CimMethodResult>>, Task<CimMethodResult>>? OnPower { get; set; }

    /// <summary>Stands in for the reading of a disk's file.</summary>
    public Func<Func<Task<CimMethodResult>>, Task<CimMethodResult>>? OnReadDisk { get; set; }

    /// <summary>Stands in for any other method, by its name.</summary>
    public Dictionary<string, Func<Func<Task<CimMethodResult>>, Task<CimMethodResult>>> OnMethod { get; } = [];

    public string Namespace => inner.Namespace;

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
        => Count(() => inner.GetInstanceAsync(path, cancellationToken));

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        => Count(() => inner.ListInstancesAsync(className, filters, cancellationToken));

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
        => Count(() => inner.ListAssociatorsAsync(source, associationClass, resultClass, cancellationToken));

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
        => Count(() => (methodName switch { "InitiateFailback" => OnInitiate, "RequestStateChange" => OnPower, "GetVirtualHardDiskSettingData" => OnReadDisk, _ => OnMethod.GetValueOrDefault(methodName) }) is { } come
            ? come(() => inner.InvokeMethodAsync(target, methodName, inputs, cancellationToken))
            : inner.InvokeMethodAsync(target, methodName, inputs, cancellationToken));

    public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
        => inner.WatchInstancesAsync(className, within, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task<T> Count<T>(Func<Task<T>> call)
    {
        Interlocked.Increment(ref _calls);
        if (!OutOfReach)
        {
            return call();
        }

        Interlocked.Increment(ref _refused);
        throw new CimException(CimErrorCode.RpcServerUnavailable, "The host is out of reach.");
    }
}
