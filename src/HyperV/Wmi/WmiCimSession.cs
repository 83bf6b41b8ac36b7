using System.Management;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Threading.Channels;
using HostAgent.HyperV.Cim;
using EnumerationOptions = System.Management.EnumerationOptions;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// The port over System.Management. Does not interpret values. WMI calls block, and some ignore their own timeout, so each
/// runs on a pool thread (which is in the multi-threaded apartment, as WMI requires) and is abandoned at its deadline. An
/// abandoned call keeps its slot until it ends, so that a hung host costs at most MaxConcurrentCalls threads.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WmiCimSession : ICimSession
{
    private readonly WmiSessionOptions _options;
    private readonly WmiConnection _connection;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;
    private readonly AbandonedCalls _abandoned = new();
    private readonly CancellationTokenSource _disposal = new();
    private int _disposed;

    /// <param name="options">Session settings.</param>
    /// <param name="time">Clock for the deadlines.</param>
    /// <param name="namespaceName">The namespace.</param>
    public WmiCimSession(WmiSessionOptions options, TimeProvider time, string namespaceName = HyperVClasses.Namespace)
    {
        _options = options;
        _time = time;
        _connection = new WmiConnection(options, namespaceName);
        _places = new SemaphoreSlim(options.MaxConcurrentCalls);
    }

    public string Namespace => _connection.Namespace;

    /// <summary>Checks that the namespace exists and that its replication service has the method.</summary>
    public Task VerifyAsync(CancellationToken cancellationToken) => CallAsync<object?>(
        "Connecting",
        scope =>
        {
            using var service = _connection.Class(scope, new CimObjectPath(HyperVClasses.ReplicationService, []));
            using var inputs = service.GetMethodParameters("InitiateFailback");
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
                    using var source = _connection.Instance(scope, path);
                    source.Get();
                    return WmiInstances.Copy(source);
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
        if (_abandoned.Has(method))
        {
            throw new CimException(CimErrorCode.ServerTooBusy, $"An earlier {method} call timed out and is still running on the host; {method} is not called again until that call has ended.");
        }

        var arguments = inputs.Where(i => i.Value is not null).ToDictionary(i => i.Key, i => WmiValues.ToWmi(i.Key, i.Value));
        return CallAsync(
            method,
            scope =>
            {
                using var called = target.Keys.Count == 0 ? _connection.Class(scope, target) : _connection.Instance(scope, target);
                using var parameters = Parameters(called, target.ClassName, methodName, arguments);
                using var outputs = called.InvokeMethod(methodName, parameters, new InvokeMethodOptions(null, _options.CallTimeout));
                var values = WmiInstances.CopyOutputs(outputs);
                return values.Remove("ReturnValue", out var returned) && returned is uint code
                    ? new CimMethodResult(code, values)
                    : throw new CimDataException(target.ClassName, methodName, "the method returned no uint32");
            },
            cancellationToken,
            onAbandoned: work => _abandoned.Add(method, work));
    }

    public async IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(
        string className, TimeSpan within, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var query = WqlText.Watch(className, within);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposal.Token);

        // Events are hints: when the reader falls behind, drop the oldest.
        var events = Channel.CreateBounded<CimInstanceEvent>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });
        var watch = new WmiWatch(_connection, query, className);
        _ = Task.Factory.StartNew(
            () => watch.Run(events.Writer, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var change in events.Reader.ReadAllAsync(end.Token))
            {
                yield return change;
            }

            end.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            // Do not wait for the thread: it exits at its next turn, and a hung host must not block the watcher.
            await end.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _disposal.CancelAsync();
            _connection.Forget();
        }
    }

    private static ManagementBaseObject? Parameters(
        ManagementObject called, string className, string methodName, Dictionary<string, object?> arguments)
    {
        var parameters = called.GetMethodParameters(methodName);
        var known = parameters is null
            ? []
            : parameters.Properties.Cast<PropertyData>().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in arguments)
        {
            if (!known.Contains(name))
            {
                parameters?.Dispose();
                throw new CimException(CimErrorCode.InvalidParameter, $"{className}.{methodName} has no input {name}.");
            }

            parameters![name] = value;
        }

        return parameters;
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
                using (item)
                {
                    instances.Add(WmiInstances.Copy(item));
                }
            }

            return instances;
        },
        cancellationToken);

    private async Task<T> CallAsync<T>(string call, Func<ManagementScope, T> body, CancellationToken cancellationToken, Action<Task>? onAbandoned = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        using var deadline = new CancellationTokenSource(_options.CallTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, _disposal.Token);
        Task<T>? work = null;
        try
        {
            await _places.WaitAsync(end.Token);
            work = Task.Run(() => RunAndLeave(body), CancellationToken.None);
            return await work.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CimException(CimErrorCode.TimedOut, $"{call} did not end within {_options.CallTimeout.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (WmiFailures.IsKnown(exception))
        {
            var failure = WmiFailures.Map(call, exception);
            _connection.Suspect(failure);
            throw failure;
        }
        finally
        {
            if (work is { IsCompleted: false })
            {
                onAbandoned?.Invoke(work);
            }
        }
    }

    private T RunAndLeave<T>(Func<ManagementScope, T> body)
    {
        try
        {
            return body(_connection.Open());
        }
        finally
        {
            _places.Release();
        }
    }
}
