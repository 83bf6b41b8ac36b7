using HostAgent.HyperV.Cim;

namespace HostAgent.FaultyServers;

/// <summary>A way to a host whose management service answers nothing while a file is there. What the host does goes on.</summary>
internal sealed class SilencedSession(ICimSession host, string file) : ICimSession
{
    /// <inheritdoc/>
    public string Namespace => host.Namespace;

    /// <inheritdoc/>
    public async Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        Require();
        return await host.GetInstanceAsync(path, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CimInstance>> ListInstancesAsync(string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
    {
        Require();
        return await host.ListInstancesAsync(className, filters, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
    {
        Require();
        return await host.ListAssociatorsAsync(source, associationClass, resultClass, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CimMethodResult> InvokeMethodAsync(CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        Require();
        return await host.InvokeMethodAsync(target, methodName, inputs, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
    {
        Require();
        return host.WatchInstancesAsync(className, within, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => host.DisposeAsync();

    private void Require()
    {
        if (File.Exists(file))
        {
            throw new CimException(CimErrorCode.RpcServerUnavailable, $"The management service of the host answers nothing while {file} is there.");
        }
    }
}
