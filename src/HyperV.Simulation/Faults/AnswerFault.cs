namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The call answers a return code instead of starting a job. Estate kind: <c>answers</c>.</summary>
/// <param name="Code">The return code, for example 32768 to 32779, or one that no document names.</param>
public sealed record AnswerFault(uint Code) : Fault;
