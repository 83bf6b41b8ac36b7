using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Services;

namespace HostAgent.HyperV.Tests.Scripted;

/// <summary>A CIM session whose instances, associations, methods and failures a test writes down. Records every call.</summary>
internal sealed class ScriptedSession(string @namespace = HyperVClasses.Namespace) : ICimSession
{
    private readonly List<CimInstance> _instances = [];
    private readonly List<(CimObjectPath Source, string Association, CimInstance Result)> _associations = [];
    private readonly Dictionary<(string Class, string Method), Func<CimObjectPath, IReadOnlyDictionary<string, object?>, CimMethodResult>> _methods = [];
    private readonly Dictionary<string, CimException> _failures = [];
    private readonly HashSet<string> _classes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _superclasses = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Msvm_ComputerSystem"] = "CIM_ComputerSystem",
        ["Msvm_ConcreteJob"] = "CIM_ConcreteJob",
        ["Msvm_StorageJob"] = "CIM_ConcreteJob",
        ["Msvm_MigrationJob"] = "CIM_ConcreteJob",
        ["Msvm_EthernetSwitchPortVlanSettingData"] = "Msvm_EthernetSwitchPortFeatureSettingData",
        ["Msvm_EthernetSwitchPortAclSettingData"] = "Msvm_EthernetSwitchPortFeatureSettingData",
        ["Msvm_EthernetSwitchPortOffloadSettingData"] = "Msvm_EthernetSwitchPortFeatureSettingData",
    };

    private readonly List<Channel<CimInstanceEvent>> _watches = [];

    private bool _disposed;

    public string Namespace => @namespace;

    /// <summary>Every call in order, for example <c>List Msvm_ComputerSystem</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The inputs of the last method call.</summary>
    public IReadOnlyDictionary<string, object?>? LastInputs { get; private set; }

    public void Add(CimInstance instance)
    {
        _instances.Add(instance);
        Declare(instance.ClassName);
    }

    public void Declare(string className) => _classes.Add(className);

    public void Remove(CimObjectPath path) => _instances.RemoveAll(i => path.Equals(i.Path));

    public void Associate(CimObjectPath source, string association, CimInstance result) => _associations.Add((source, association, result));

    public void OnMethod(string className, string method, Func<CimObjectPath, IReadOnlyDictionary<string, object?>, CimMethodResult> answer)
        => _methods[(className, method)] = answer;

    /// <summary>Makes every call that is recorded under this text fail.</summary>
    public void FailOn(string call, uint errorCode) => _failures[call] = new CimException(errorCode, call);

    /// <summary>Lets every call succeed again.</summary>
    public void FailNoMore() => _failures.Clear();

    public void Raise(CimInstanceEvent change)
    {
        foreach (var watch in _watches)
        {
            watch.Writer.TryWrite(change);
        }
    }

    public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
    {
        Record($"Get {path.ClassName}", cancellationToken);
        return Task.FromResult(_instances.Find(i => path.Equals(i.Path)));
    }

    public Task<IReadOnlyList<CimInstance>> ListInstancesAsync(
        string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
    {
        Record($"List {className}", cancellationToken);
        if (!_classes.Contains(className) && !_superclasses.ContainsValue(className))
        {
            throw new CimException(CimErrorCode.InvalidClass, $"no class {className}");
        }

        return Task.FromResult<IReadOnlyList<CimInstance>>([.. _instances.Where(i => IsA(i, className) && filters.All(f => Fits(i, f)))]);
    }

    public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(
        CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
    {
        Record($"Associators {associationClass} {resultClass}", cancellationToken);
        return Task.FromResult<IReadOnlyList<CimInstance>>(
            [.. _associations.Where(a => a.Source.Equals(source) && a.Association == associationClass && IsA(a.Result, resultClass)).Select(a => a.Result)]);
    }

    public Task<CimMethodResult> InvokeMethodAsync(
        CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
    {
        CimArguments.RequireValues(inputs);
        Record($"Invoke {target.ClassName}.{methodName}", cancellationToken);
        if (target.ClassName == HyperVClasses.ReplicationService && ReplicationServiceMethods.Find(methodName) is { } declared)
        {
            CimArguments.RequireDeclared(target.ClassName, declared, inputs);
        }

        LastInputs = inputs;
        if (!_instances.Exists(i => target.Equals(i.Path)))
        {
            throw new CimException(CimErrorCode.NotFound, $"nothing at {target}");
        }

        return Task.FromResult(_methods.TryGetValue((target.ClassName, methodName), out var answer)
            ? answer(target, inputs)
            : throw new CimException(CimErrorCode.MethodNotImplemented, $"no method {methodName}"));
    }

    public async IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(
        string className, TimeSpan within, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(within, TimeSpan.Zero);
        Record($"Watch {className}", cancellationToken);
        if (!_classes.Contains(className) && !_superclasses.ContainsValue(className))
        {
            throw new CimException(CimErrorCode.InvalidClass, $"no class {className}");
        }

        var channel = Channel.CreateUnbounded<CimInstanceEvent>();
        _watches.Add(channel);
        await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
        {
            if (IsA(change.Instance, className))
            {
                yield return change;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Record(string call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (Calls)
        {
            Calls.Add(call);
        }

        if (_failures.TryGetValue(call, out var failure))
        {
            throw failure;
        }
    }

    private bool IsA(CimInstance instance, string className)
        => string.Equals(instance.ClassName, className, StringComparison.OrdinalIgnoreCase)
            || string.Equals(_superclasses.GetValueOrDefault(instance.ClassName), className, StringComparison.OrdinalIgnoreCase);

    private static bool Fits(CimInstance instance, CimFilter filter) => (filter.ValueIn(instance), filter.Value) switch
    {
        (string have, string want) => string.Equals(have, want, StringComparison.OrdinalIgnoreCase),
        (var have, var want) => Equals(have, want),
    };
}
