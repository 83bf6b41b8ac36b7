namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The job reports 0 percent until it is done. Estate kind: <c>percentJumps</c>.</summary>
public sealed record PercentJumpsFault : Fault;
