using HostAgent.HyperV.Simulation.Plans;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// Makes a simulated host deviate from a flawless failback. On a virtual machine it affects that machine; on a host, the host or
/// every virtual machine on it. Each kind is one small class with its settings and its rule.
/// </summary>
public abstract record Fault
{
    /// <summary>How many calls are affected, from the first: calls for its virtual machine, or for all of its host. Null (the default): all calls.</summary>
    public int? Times { get; init; }

    /// <summary>The answer that replaces the host's own once all checks have passed; null for no change.</summary>
    internal virtual FaultAnswer? Answer => null;

    /// <summary>Modifies the plan of the job that an accepted call starts.</summary>
    internal virtual JobPlan Shape(JobPlan plan) => plan;

    /// <summary>Whether the answer of an accepted call is lost.</summary>
    internal virtual bool LosesAnswer => false;

    /// <summary>Whether the failback that starts belongs to another caller, who was first.</summary>
    internal virtual bool IsAnotherCallers => false;

    /// <summary>A spontaneous event caused by the fault; null for none.</summary>
    internal virtual Occurrence? Occurrence => null;

    /// <summary>Whether the fault affects calls of InitiateFailback or their jobs; if not, those do not count against <see cref="Times"/>.</summary>
    internal virtual bool AffectsCalls => true;
}
