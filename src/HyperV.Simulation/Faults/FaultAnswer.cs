using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>What a fault makes InitiateFailback answer.</summary>
/// <param name="Code">The return code.</param>
/// <param name="TakesEffect">Whether the failback is carried out at once in spite of the missing job.</param>
internal sealed record FaultAnswer(ReturnCode Code, bool TakesEffect);
