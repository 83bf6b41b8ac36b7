using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The call does its work at once: it answers 0 with a null Job, and the failback is complete. Estate kind: <c>answersAtOnce</c>.</summary>
public sealed record SynchronousAnswerFault : Fault
{
    internal override FaultAnswer Answer => new(ReturnCode.Completed, TakesEffect: true);
}
