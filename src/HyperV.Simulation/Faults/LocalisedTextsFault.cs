namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The host's texts for people are in another language, as on any host that is not English: captions, descriptions, states and errors. Names,
/// identifiers and numbers stay. Estate kind: <c>localisedTexts</c>.
/// </summary>
public sealed record LocalisedTextsFault : Fault
{
    internal override bool StrikesCalls => false;
}
