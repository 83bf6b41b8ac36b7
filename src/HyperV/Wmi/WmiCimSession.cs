using System.Management;
using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;
using EnumerationOptions = System.Management.EnumerationOptions;

namespace HostAgent.HyperV.Wmi;

/// <summary>The port over System.Management. Does not interpret values.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WmiCimSession : ICimSession
{
    private readonly WmiSessionOptions _options;
    private readonly WmiConnection _connection;
    private readonly BlockingCalls _calls;
    private readonly MethodInputs _inputs = new();

    /// <param name="options">Session settings.</param>
    /// <param name="time">Clock for the deadlines.</param>
    /// <param name="namespaceName">The namespace.</param>
    public WmiCimSession(WmiSessionOptions options, TimeProvider time, string namespaceName = HyperVClasses.Namespace)
    {
        _options = options;
        _connection = new WmiConnection(options, namespaceName);
        _calls = new BlockingCalls(options, time, this);
    }

    public string Namespace => _connection.Namespace;

    /// <summary>Checks that the namespace exists and that its replication service has the method.</summary>
    public Task VerifyAsync(CancellationToken cancellationToken) => CallAsync<object?>(
        "Connecting",
        scope =>
        {
            _inputs.Require(_connection, scope, HyperVClasses.ReplicationService, "InitiateFailback");
            return null;
        },
        cancellationToken);

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        return CallAsync<CimInstance?>(
            $"Reading {path}",
            scope =>
            {
                try
                {
                    using var source = WmiObjects.Hold(_connection.Instance(scope, path));
                    source.Item.Get();
                    return WmiInstances.Copy(source.Item);
                }
                catch (ManagementException exception) when (exception.ErrorCode is ManagementStatus.NotFound)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(
        string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
    {
        var query = WqlText.Select(className, filters);
        return QueryAsync(query, cancellationToken);
    }

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var query = WqlText.Associators(_connection.Absolute(source), associationClass, resultClass);
        return QueryAsync(query, cancellationToken);
    }

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var method = $"{target.ClassName}.{methodName}";
        _calls.RequireEnded(method);

        var arguments = inputs.Where(i => i.Value is not null).ToDictionary(i => i.Key, i => WmiValues.ToWmi(i.Key, i.Value));
        return CallAsync(
            method,
            scope =>
            {
                using var called = WmiObjects.Hold(target.Keys.Count == 0 ? _connection.Class(scope, target) : _connection.Instance(scope, target));
                var item = called.Item;
                using var outputs = WmiObjects.Hold(_inputs.Use(
                    _connection, scope, target.ClassName, methodName, arguments,
                    inputs => item.InvokeMethod(methodName, inputs, new InvokeMethodOptions(null, _options.CallTimeout))));
                var values = WmiInstances.CopyOutputs(outputs.Item);
                return values.Remove("ReturnValue", out var returned) && returned is uint code
                    ? new CimMethodResult(code, values)
                    : throw new CimDataException(target.ClassName, methodName, "the method returned no uint32");
            },
            cancellationToken,
            method);
    }

    public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
    {
        var watch = new WmiWatch(_connection, WqlText.Watch(className, within), className);
        return _calls.WatchAsync(watch.Run, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _calls.DisposeAsync();
        _connection.Forget();
    }

    private Task<IReadOnlyList<CimInstance>> QueryAsync(string query, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<CimInstance>>(
        query,
        scope =>
        {
            var howToRead = new EnumerationOptions
            {
                ReturnImmediately = true,
                Rewindable = false,
                EnsureLocatable = true, // otherwise instances may come without a path
                Timeout = _options.CallTimeout,
            };
            using var searcher = new ManagementObjectSearcher(scope, new ObjectQuery(query), howToRead);
            using var found = searcher.Get();
            var instances = new List<CimInstance>();
            foreach (var item in found)
            {
                using var row = WmiObjects.HoldWrapped(item);
                instances.Add(WmiInstances.Copy(row.Item));
            }

            return instances;
        },
        cancellationToken);

    private Task<T> CallAsync<T>(string call, Func<ManagementScope, T> body, CancellationToken cancellationToken, string? method = null) => _calls.RunAsync(
        call,
        _ =>
        {
            try
            {
                return body(_connection.Open());
            }
            catch (Exception exception) when (WmiFailures.IsKnown(exception))
            {
                var failure = WmiFailures.Map(call, exception);
                _connection.Suspect(failure);
                throw failure;
            }
        },
        cancellationToken,
        method);
}
