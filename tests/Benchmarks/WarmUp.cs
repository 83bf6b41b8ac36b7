namespace HostAgent.Benchmarks;

/// <summary>
/// When a load has warmed up: two successive windows of it agree. .NET compiles hot code three times, and a load that is measured before the
/// last time shows the compiler.
/// </summary>
/// <param name="Least">With fewer windows nothing is settled: code that was compiled in haste runs at an even but low speed for a while. At least 1.</param>
/// <param name="Most">With so many windows the wait is over, settled or not. At least <paramref name="Least"/>.</param>
/// <param name="Band">By which share of the faster window the two may differ: 0.05 is 5 %.</param>
internal sealed record WarmUp(int Least, int Most, double Band)
{
    /// <summary>One window, which settles nothing.</summary>
    public static readonly WarmUp None = new(1, 1, 0);

    /// <summary>Whether the load needs no further window.</summary>
    /// <param name="rates">Of all windows since the load began, in order.</param>
    public bool IsOver(IReadOnlyList<double> rates) => rates.Count >= Most || IsSettled(rates);

    /// <summary>Whether the last two windows agree. A load that does nothing never settles.</summary>
    /// <param name="rates">Of all windows since the load began, in order.</param>
    public bool IsSettled(IReadOnlyList<double> rates)
    {
        if (rates.Count < Math.Max(2, Least))
        {
            return false;
        }

        var (faster, slower) = (Math.Max(rates[^1], rates[^2]), Math.Min(rates[^1], rates[^2]));
        return slower > 0 && faster - slower <= Band * faster;
    }
}
