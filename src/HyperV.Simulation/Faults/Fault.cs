using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// A switch that makes a simulated host depart from a flawless failback. On a virtual machine it strikes that machine;
/// on a host it strikes the host or every virtual machine on it. Each kind is one small class that holds its settings and its rule.
/// </summary>
public abstract record Fault
{
    /// <summary>How many InitiateFailback calls the fault strikes, from the first: of its virtual machine, or of all those of its host. Null (the default): all of them.</summary>
    public int? Times { get; init; }

    /// <summary>The answer that takes the place of the host's own once all checks have passed; null when the fault leaves it alone.</summary>
    internal virtual FaultAnswer? Answer => null;

    /// <summary>Changes the plan of the job that an accepted call starts.</summary>
    internal virtual JobPlan Shape(JobPlan plan) => plan;

    /// <summary>Whether an accepted call's answer is lost on its way to the caller.</summary>
    internal virtual bool LosesAnswer => false;

    /// <summary>Whether the failback that begins is another caller's, who was a moment earlier.</summary>
    internal virtual bool IsAnotherCallers => false;

    /// <summary>What happens by itself because of the fault; null for nothing.</summary>
    internal virtual Occurrence? Occurrence => null;

    /// <summary>Whether the fault has a say in calls or jobs; if not, it is no strike that is counted.</summary>
    internal virtual bool StrikesCalls => true;
}
