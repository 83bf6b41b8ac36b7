using System.Threading.Channels;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Mi;

/// <summary>
/// The port over Windows' Management Infrastructure. Does not interpret values. A read that nobody waits for any more is cancelled. A method is
/// not: the library can only disconnect from it, and it goes on in the host.
/// </summary>
internal sealed class MiCimSession : ICimSession
{
    // The library would give a method up after a minute and say nothing of its end. Hours after the caller's deadline, its end means nothing.
    private static readonly TimeSpan MethodsEndWithin = TimeSpan.FromDays(1);

    private readonly WmiSessionOptions _options;
    private readonly MiConnection _connection;
    private readonly BlockingCalls _calls;
    private readonly MiClasses _classes;

    /// <param name="options">Session settings.</param>
    /// <param name="time">Clock for the deadlines.</param>
    /// <param name="namespaceName">The namespace.</param>
    public MiCimSession(WmiSessionOptions options, TimeProvider time, string namespaceName = HyperVClasses.Namespace)
    {
        _options = options;
        _connection = new MiConnection(options.Server);
        _calls = new BlockingCalls(options, time, this);
        _classes = new MiClasses(options, namespaceName);
        Namespace = namespaceName;
    }

    public string Namespace { get; }

    /// <summary>Checks that the namespace exists and that its replication service has the method.</summary>
    public Task VerifyAsync(CancellationToken cancellationToken) => CallAsync(
        "Connecting",
        (session, end) => _classes.MethodOf(session, HyperVClasses.ReplicationService, "InitiateFailback", end),
        cancellationToken);

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(path);
        var call = $"Reading {path}";
        return CallAsync(
            call,
            (session, end) =>
            {
                RequireOwnNamespace(path);
                using var keys = new MiArguments(session.Library);
                var instance = KeysOf(keys, session, path, end);
                try
                {
                    return GetInstance(call, session, instance, end);
                }
                catch (CimException exception) when (exception.ErrorCode is CimErrorCode.NotFound)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(
        string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        => QueryAsync(WqlText.Select(className, filters), cancellationToken);

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        // The session has the namespace and the host already.
        return QueryAsync(WqlText.Associators(new CimObjectPath(source.ClassName, source.Keys), associationClass, resultClass), cancellationToken, source);
    }

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        var call = $"{target.ClassName}.{methodName}";
        _calls.RequireEnded(call);
        CimArguments.RequireValues(inputs);
        var arguments = inputs.Where(input => input.Value is not null).ToDictionary(input => input.Key, input => input.Value!);
        return CallAsync(
            call,
            (session, end) =>
            {
                RequireOwnNamespace(target);
                var method = _classes.MethodOf(session, target.ClassName, methodName, end);
                using var carrier = new MiArguments(session.Library);
                var instance = target.Keys.Count == 0 ? 0 : KeysOf(carrier, session, target, end);
                var parameters = carrier.Fill(target.ClassName, method, arguments);
                // The last moment at which nothing has happened.
                end.ThrowIfCancellationRequested();
                var outputs = Invoke(call, session, target.ClassName, method.Name, instance, parameters);
                return outputs.Remove("ReturnValue", out var returned) && returned is uint code
                    ? new CimMethodResult(code, outputs)
                    : throw new CimDataException(target.ClassName, methodName, "the method returned no uint32");
            },
            cancellationToken,
            call);
    }

    public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
    {
        var query = WqlText.Watch(className, within);
        return _calls.WatchAsync((events, end) => Watch($"Watching {className}", query, events, end), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _calls.DisposeAsync();
        _connection.Forget();
    }

    private Task<IReadOnlyList<CimInstance>> QueryAsync(string query, CancellationToken cancellationToken, CimObjectPath? source = null) => CallAsync<IReadOnlyList<CimInstance>>(
        query,
        (session, end) =>
        {
            if (source is not null)
            {
                RequireOwnNamespace(source);
            }

            return Query(session, query, end);
        },
        cancellationToken);

    private Task<T> CallAsync<T>(string call, Func<MiSession, CancellationToken, T> body, CancellationToken cancellationToken, string? method = null)
        => _calls.RunAsync(call, end => InSession(session => body(session, end)), cancellationToken, method);

    private T InSession<T>(Func<MiSession, T> body)
    {
        var session = _connection.Enter();
        try
        {
            return body(session);
        }
        catch (CimException exception) when (CimErrorCode.MayBreakConnection(exception.ErrorCode))
        {
            _connection.Forget(session);
            throw;
        }
        finally
        {
            session.Leave();
        }
    }

    private void RequireOwnNamespace(CimObjectPath path)
    {
        if (path.Namespace is { } other && !string.Equals(other, Namespace, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimException(CimErrorCode.InvalidNamespace, $"The path {path} leads out of the namespace {Namespace}.");
        }
    }

    private MiInstances Instances(MiSession session, CancellationToken end) => new(Namespace, className => _classes.KnownClass(session, className, end));

    private unsafe CimInstance? GetInstance(string call, MiSession session, nint keys, CancellationToken end)
    {
        CimInstance? found = null;
        var instances = Instances(session, end);
        MiOperation.Run(
            call, session, MiOperation.Kind.Instances, _options.CallTimeout,
            (table, handle, options, operation) =>
            {
                fixed (char* home = Namespace)
                {
                    table->GetInstance(handle, MiConstants.StandardTypes, options, home, (MiObject*)keys, null, operation);
                }
            },
            item => found = instances.Copy((MiObject*)item),
            end);
        return found;
    }

    private unsafe List<CimInstance> Query(MiSession session, string query, CancellationToken end)
    {
        var found = new List<CimInstance>();
        var instances = Instances(session, end);
        MiOperation.Run(
            query, session, MiOperation.Kind.Instances, _options.CallTimeout,
            (table, handle, options, operation) =>
            {
                fixed (char* home = Namespace, dialect = MiConstants.Wql, text = query)
                {
                    table->QueryInstances(handle, MiConstants.StandardTypes, options, home, dialect, text, null, operation);
                }
            },
            item => found.Add(instances.Copy((MiObject*)item)),
            end);
        return found;
    }

    // Never cancelled.
    private unsafe Dictionary<string, object?> Invoke(string call, MiSession session, string className, string methodName, nint instance, nint parameters)
    {
        Dictionary<string, object?> outputs = [];
        // No class is read for them: the method has run, and its answer must not be lost because a class cannot be read.
        var instances = new MiInstances(Namespace, _ => MiClassDeclaration.Unknown);
        MiOperation.Run(
            call, session, MiOperation.Kind.Instances, MethodsEndWithin,
            (table, handle, options, operation) =>
            {
                fixed (char* home = Namespace, name = className, method = methodName)
                {
                    table->Invoke(handle, MiConstants.StandardTypes, options, home, name, method, (MiObject*)instance, (MiObject*)parameters, null, operation);
                }
            },
            item => outputs = instances.CopyOutputs((MiObject*)item),
            CancellationToken.None);
        return outputs;
    }

    private unsafe void Watch(string call, string query, ChannelWriter<CimInstanceEvent> events, CancellationToken end)
    {
        try
        {
            InSession(session =>
            {
                var instances = Instances(session, end);
                MiOperation.Run(
                    call, session, MiOperation.Kind.Indications, timeout: null,
                    (table, handle, options, operation) =>
                    {
                        fixed (char* home = Namespace, dialect = MiConstants.Wql, text = query)
                        {
                            table->Subscribe(handle, MiConstants.StandardTypes, options, home, dialect, text, null, null, operation);
                        }
                    },
                    item =>
                    {
                        if (Read(instances, (MiObject*)item) is { } change)
                        {
                            events.TryWrite(change);
                        }
                    },
                    end);
                return 0;
            });
            events.TryComplete();
        }
        catch (OperationCanceledException)
        {
            events.TryComplete();
        }
        catch (Exception exception)
        {
            events.TryComplete(exception);
        }
    }

    // Null for events other than instance changes, such as a report of lost events.
    private static unsafe CimInstanceEvent? Read(MiInstances instances, MiObject* change)
    {
        CimInstanceEventKind? kind = MiInstances.ClassOf(change) switch
        {
            "__InstanceCreationEvent" => CimInstanceEventKind.Created,
            "__InstanceModificationEvent" => CimInstanceEventKind.Modified,
            "__InstanceDeletionEvent" => CimInstanceEventKind.Deleted,
            _ => null,
        };
        var target = kind is null ? null : MiInstances.InstanceOf(change, "TargetInstance");
        return target is null ? null : new CimInstanceEvent(kind!.Value, instances.Copy(target));
    }

    private nint KeysOf(MiArguments arguments, MiSession session, CimObjectPath path, CancellationToken end)
        => arguments.Keys(
            path,
            // The declaration is only needed for numbers, whose width a path does not show.
            path.Keys.Values.All(key => key is string) ? MiClassDeclaration.Unknown : _classes.KnownClass(session, path.ClassName, end));
}
