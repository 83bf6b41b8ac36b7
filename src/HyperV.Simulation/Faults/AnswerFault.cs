using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The call answers a return code instead of starting a job. Estate kind: <c>answers</c>.</summary>
/// <param name="Code">The return code, for example 32768 to 32779, or one that no document names; neither 0 nor 4096.</param>
public sealed record AnswerFault(ReturnCode Code) : Fault
{
    internal override FaultAnswer Answer => new(Code, TakesEffect: false);
}
