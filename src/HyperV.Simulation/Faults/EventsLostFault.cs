namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Events of watches are lost, evenly spread. Reading shows everything as ever. Hosts only. Estate kind: <c>eventsLost</c>.</summary>
public sealed record EventsLostFault : Fault
{
    /// <summary>How many, in percent, 1 to 100. Default 100: all of them.</summary>
    public double Percent { get; init; } = 100;

    internal override bool StrikesCalls => false;
}
