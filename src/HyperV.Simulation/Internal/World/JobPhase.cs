namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>One stretch of a job's work.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Work">How much: seconds of host time, or bytes.</param>
/// <param name="Rate">Work per second of host time; unused for <see cref="PhaseKind.Transfer"/>, whose rate is its share of the link.</param>
/// <param name="From">The percentage it begins at.</param>
/// <param name="To">The percentage it ends at.</param>
internal sealed record JobPhase(PhaseKind Kind, double Work, double Rate, double From, double To)
{
    public double PercentAt(double done) => Work <= 0 ? To : From + ((To - From) * Math.Clamp(done / Work, 0, 1));
}
