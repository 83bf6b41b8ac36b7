namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>Watch events are late, on the real clock. Hosts only. Estate kind: <c>eventsLate</c>.</summary>
/// <param name="Delay">The delay; the event arrives at the watch's next poll after it. Above zero.</param>
public sealed record EventsLateFault(TimeSpan Delay) : Fault
{
    internal override bool AffectsCalls => false;
}

/// <summary>Watch events are lost, evenly spread. Reads are not affected. Hosts only. Estate kind: <c>eventsLost</c>.</summary>
public sealed record EventsLostFault : Fault
{
    /// <summary>The lost share in percent, 1 to 100. Default 100: all of them.</summary>
    public double Percent { get; init; } = 100;

    internal override bool AffectsCalls => false;
}

/// <summary>
/// The host's texts are in another language, as on a non-English host: captions, descriptions, states and errors. Names,
/// identifiers and numbers do not change. Estate kind: <c>localisedTexts</c>.
/// </summary>
public sealed record LocalisedTextsFault : Fault
{
    internal override bool AffectsCalls => false;
}
