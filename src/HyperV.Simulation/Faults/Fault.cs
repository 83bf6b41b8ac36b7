namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// A switch that makes a simulated host depart from a flawless failback. On a virtual machine it strikes that machine;
/// on a host it strikes the host or every virtual machine on it. Each kind is one small class that holds its settings and its rule.
/// </summary>
public abstract record Fault
{
    /// <summary>How many InitiateFailback calls of one virtual machine the fault strikes, from the first. Null (the default): all of them.</summary>
    public int? Times { get; init; }
}
