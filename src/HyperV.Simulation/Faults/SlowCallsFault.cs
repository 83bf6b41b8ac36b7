namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// Every call to the host's namespace takes that long, on the real clock. What a method does, it does at once; only its answer is late, so
/// that a caller's deadline may pass although the call took effect. Hosts only. Estate kind: <c>slowCalls</c>.
/// </summary>
/// <param name="Delay">How long; above zero.</param>
public sealed record SlowCallsFault(TimeSpan Delay) : Fault
{
    internal override bool StrikesCalls => false;
}
