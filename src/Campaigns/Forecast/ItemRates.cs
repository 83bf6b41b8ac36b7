using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Forecast;

/// <summary>
/// Draws a rate for each step of each item, different for each run and repeatable for the same run. Measured rates are resampled for each run
/// (a bootstrap), so that few measurements give a wide band; an assumed range is one rate for all machines, different in each run.
/// </summary>
internal sealed class ItemRates
{
    /// <summary>With this many measurements a host's own rates predict better than those of all hosts.</summary>
    private const int EnoughOfOneHost = 8;

    private readonly RateRange? _assumed;
    private readonly double[][] _measured;
    private readonly int[] _groupOf;

    private ItemRates(RateRange? assumed, double[][] measured, int[] groupOf)
    {
        _assumed = assumed;
        _measured = measured;
        _groupOf = groupOf;
    }

    public bool HasSpread => _assumed is { } range ? range.High > range.Low : _measured[0].Length > 1;

    public static ItemRates Of(ForecastRequest request)
    {
        var groupOf = new int[request.Plan.Items.Sum(item => item.StepCount)];
        if (request.Assumptions.Rate is { } assumed)
        {
            return new ItemRates(assumed, [], groupOf);
        }

        if (!request.OfTests && request.Spec is { TestFailover: not null } or { PlannedDrill: not null })
        {
            return new ItemRates(new RateRange(1, 1), [], groupOf);
        }

        var groups = new List<double[]> { request.Samples.Select(sample => sample.BytesPerSecond).ToArray() };
        var groupOfHost = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var host in request.Samples.GroupBy(sample => sample.Host, StringComparer.OrdinalIgnoreCase))
        {
            var own = host.Select(sample => sample.BytesPerSecond).ToArray();
            if (own.Length >= EnoughOfOneHost)
            {
                groupOfHost.Add(host.Key, groups.Count);
                groups.Add(own);
            }
        }

        var number = 0;
        foreach (var item in request.Plan.Items)
        {
            for (var position = 0; position < item.StepCount; position++, number++)
            {
                groupOf[number] = groupOfHost.GetValueOrDefault(item.StepAt(position).Host);
            }
        }

        return new ItemRates(null, [.. groups], groupOf);
    }

    /// <summary>Draws the rates of one of several runs, in bytes per second.</summary>
    public double[] Draw(int run, int runs)
    {
        var rates = new double[_groupOf.Length];
        if (_assumed is { } range)
        {
            // Evenly over the range: as many slow runs as fast ones, even with few runs.
            Array.Fill(rates, range.Low + ((range.High - range.Low) * (run + 0.5) / runs));
            return rates;
        }

        var random = new Random(run);
        var resampled = Array.ConvertAll(_measured, group => Resample(group, random));
        for (var index = 0; index < rates.Length; index++)
        {
            var group = resampled[_groupOf[index]];
            rates[index] = group[random.Next(group.Length)];
        }

        return rates;
    }

    private static double[] Resample(double[] measured, Random random)
        => measured.Length == 1 ? measured : Array.ConvertAll(measured, _ => measured[random.Next(measured.Length)]);
}
