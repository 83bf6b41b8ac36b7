using System.Globalization;

namespace HostAgent.Benchmarks;

/// <summary>What several rounds found. Rounds that differ much tell that the machine did something else too.</summary>
/// <param name="Median">The value in the middle.</param>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
internal sealed record Spread(double Median, double Lowest, double Highest)
{
    /// <param name="values">One for each round; at least one.</param>
    /// <param name="digits">To how many digits after the point they are rounded.</param>
    public static Spread Of(IReadOnlyCollection<double> values, int digits) =>
        new(Math.Round(Benchmarks.Median.Of(values), digits), Math.Round(values.Min(), digits), Math.Round(values.Max(), digits));

    /// <summary>The median with the lowest and the highest behind it.</summary>
    /// <param name="format">Of each number.</param>
    public string ToText(string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Lowest.ToString(format, CultureInfo.InvariantCulture)}–{Highest.ToString(format, CultureInfo.InvariantCulture)})");
}
