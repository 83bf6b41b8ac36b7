using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.Simulation.Methods;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Sessions;

/// <summary>A host's namespace as callers see it: objects and methods, with the host's faults applied first.</summary>
internal sealed class SimulatedNamespace
{
    private readonly HostEngine _engine;
    private readonly ObjectModel _model;
    private readonly ISimulatedMethod[] _callable;
    private readonly bool _denied;
    private readonly bool _empty;
    private long _reads;
    private long _lists;
    private long _associations;
    private long _methods;
    private long _looks;

    /// <summary>A namespace other than Hyper-V's, without methods.</summary>
    public SimulatedNamespace(HostEngine engine, SimulatedHostDescription host, ObjectModel model)
    {
        _engine = engine;
        _model = model;
        _callable = [];
        _denied = host.Faults.OfType<AccessDeniedFault>().Any();
        _empty = host.Faults.OfType<EmptyResultFault>().Any();
    }

    public SimulatedNamespace(HostEngine engine, SimulatedHostDescription host, SimulationOptions options)
        : this(engine, host, new ObjectModel(host.Platform))
    {
        _callable = MethodTable.Of(host, _model, options);
    }

    public string Name => _model.Namespace;

    public CallCount Calls => new(
        Interlocked.Read(ref _reads), Interlocked.Read(ref _lists), Interlocked.Read(ref _associations), Interlocked.Read(ref _methods), Interlocked.Read(ref _looks));

    public CimInstance? Get(CimObjectPath path)
    {
        Interlocked.Increment(ref _reads);
        RequireAccess();
        return _empty ? null : _engine.Ask(world => _model.Resolve(world, path) is { } item ? _model.Describe(world, item) : null);
    }

    public IReadOnlyList<CimInstance> List(string className, IReadOnlyList<CimFilter> filters)
    {
        Interlocked.Increment(ref _lists);
        return ListUncounted(className, filters);
    }

    public IReadOnlyList<CimInstance> Poll(string className)
    {
        Interlocked.Increment(ref _looks);
        return ListUncounted(className, []);
    }

    public IReadOnlyList<CimInstance> ListAssociators(CimObjectPath source, string associationClass, string resultClass)
    {
        Interlocked.Increment(ref _associations);
        RequireAccess();
        return _empty ? [] : _engine.Ask(world => _model.ListAssociators(world, source, associationClass, resultClass));
    }

    public CimMethodResult Invoke(CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs)
    {
        CimArguments.RequireValues(inputs);
        Interlocked.Increment(ref _methods);
        RequireAccess();
        return _engine.Decide((world, commit) =>
        {
            var item = (_empty ? null : _model.Resolve(world, target))
                ?? throw new CimException(CimErrorCode.NotFound, $"{methodName}: there is no object at {target}.");
            var method = Array.Find(_callable, candidate => candidate.IsOf(item) && Named(candidate.Declaration.Name, methodName))
                ?? throw new CimException(CimErrorCode.MethodNotImplemented, $"{target.ClassName} has no method {methodName} on this simulated host.");
            CimArguments.RequireDeclared(target.ClassName, method.Declaration, inputs);
            return method.Invoke(world, item, inputs, commit);
        });
    }

    private static bool Named(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private IReadOnlyList<CimInstance> ListUncounted(string className, IReadOnlyList<CimFilter> filters)
    {
        RequireAccess();
        return _empty ? [] : _engine.Ask(world => _model.List(world, className, filters));
    }

    private void RequireAccess()
    {
        if (_denied)
        {
            throw new CimException(CimErrorCode.AccessDenied, "The caller has no access to the namespace.");
        }
    }
}
