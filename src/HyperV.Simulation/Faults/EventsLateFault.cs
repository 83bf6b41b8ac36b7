namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Events of watches come late, on the real clock. Hosts only. Estate kind: <c>eventsLate</c>.</summary>
/// <param name="Delay">How late, at the next look of the watch after that; above zero.</param>
public sealed record EventsLateFault(TimeSpan Delay) : Fault
{
    internal override bool StrikesCalls => false;
}
