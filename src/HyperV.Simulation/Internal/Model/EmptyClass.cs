using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Model;

/// <summary>A class that exists on a host but has no instance here: asking for it is no error.</summary>
internal sealed class EmptyClass(string name, params IReadOnlyList<string> ancestors) : SimulatedClass
{
    public override string Name => name;

    public override IReadOnlyList<string> Ancestors => ancestors;

    public override bool Holds(object item) => false;

    public override IEnumerable<object> List(HostWorld world) => [];

    public override bool KeysAllow(HostWorld world, object item, IReadOnlyList<CimFilter> filters) => false;

    public override object? Find(HostWorld world, CimObjectPath path) => null;

    public override CimObjectPath PathOf(HostWorld world, object item) => throw NoInstance();

    public override CimInstance Describe(HostWorld world, object item) => throw NoInstance();

    private InvalidOperationException NoInstance() => new($"{name} has no instances on a simulated host.");
}
