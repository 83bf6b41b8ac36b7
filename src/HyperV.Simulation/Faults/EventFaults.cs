namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Events of watches come late, on the real clock. Hosts only. Estate kind: <c>eventsLate</c>.</summary>
/// <param name="Delay">How late, at the next look of the watch after that; above zero.</param>
public sealed record EventsLateFault(TimeSpan Delay) : Fault
{
    internal override bool StrikesCalls => false;
}

/// <summary>Events of watches are lost, evenly spread. Reading shows everything as ever. Hosts only. Estate kind: <c>eventsLost</c>.</summary>
public sealed record EventsLostFault : Fault
{
    /// <summary>How many, in percent, 1 to 100. Default 100: all of them.</summary>
    public double Percent { get; init; } = 100;

    internal override bool StrikesCalls => false;
}

/// <summary>
/// The host's texts for people are in another language, as on any host that is not English: captions, descriptions, states and errors. Names,
/// identifiers and numbers stay. Estate kind: <c>localisedTexts</c>.
/// </summary>
public sealed record LocalisedTextsFault : Fault
{
    internal override bool StrikesCalls => false;
}
