using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>A forecast on paper: the band and what it rests on, a Gantt chart of the waves, the limits, and what raising them would do.</summary>
internal static class ForecastText
{
    private const int ChartWidth = 48;

    /// <summary>Writes the forecast, or what is missing for one.</summary>
    public static void Write(CommandEnvironment environment, Forecast forecast)
    {
        var output = environment.Output;
        output.WriteLine();
        if (forecast.Missing.Count > 0)
        {
            WriteMissing(output, forecast.Missing);
            return;
        }

        output.WriteLine(forecast.DurationP50 is { } p50 && forecast.DurationP90 is { } p90
            ? $"Forecast: {Clock(p50)} (p50) to {Clock(p90)} (p90) from {Quantity.Instant(forecast.StartTime)}, over {forecast.Runs} {(forecast.Runs == 1 ? "run" : "runs")}."
            : $"No forecast: the campaign would not finish on its own. {forecast.Stuck}");
        Fact(output, "Basis", forecast.Basis);
        Fact(output, "Bottleneck", forecast.Bottleneck);
        if (forecast.Deadline is { } deadline)
        {
            Fact(output, "Home by", $"{Quantity.Instant(deadline.HomeBy)}? {(deadline.Met ? "Yes" : "No")}. {deadline.Answer}");
        }

        foreach (var assumed in forecast.Assumed)
        {
            Fact(output, "Assumed", assumed);
        }

        WriteWaves(environment, forecast.Waves);
        WriteLimits(environment, forecast.Limits);
        WriteChanges(environment, forecast.Changes);
    }

    private static void WriteMissing(TextWriter output, RepeatedField<MissingFact> missing)
    {
        output.WriteLine("No forecast: too little is known. Missing:");
        foreach (var fact in missing)
        {
            var examples = fact.Examples.Count == 0 ? "" : $" They are {string.Join(", ", fact.Examples)}{(fact.Count > fact.Examples.Count ? ", …" : "")}.";
            output.WriteLine($"  {fact.What}: {fact.Explanation}{examples}");
        }

        output.WriteLine("Set assumptions with --assume-rate and --assume-size.");
    }

    private static void WriteWaves(CommandEnvironment environment, RepeatedField<ForecastWave> waves)
    {
        if (waves.Count == 0)
        {
            return;
        }

        var whole = waves.Max(wave => wave.EndP90.ToTimeSpan());
        var table = ListTable.Create("WAVE", ">START", ">END P50", ">END P90", $"0 to {Quantity.Clock(whole)}");
        foreach (var wave in waves)
        {
            table.Row(wave.Name, Clock(wave.StartP50), Clock(wave.EndP50), Clock(wave.EndP90), Bar(wave, whole));
        }

        table.WriteBlock(environment);
    }

    /// <summary>From the start to the end in half of the runs in full, from there to that of nine in ten dotted.</summary>
    private static string Bar(ForecastWave wave, TimeSpan whole)
    {
        var (start, end, late) = (Column(wave.StartP50), Column(wave.EndP50), Column(wave.EndP90));
        end = Math.Max(end, Math.Min(start + 1, ChartWidth));
        start = Math.Min(start, end - 1);
        return new string(' ', start) + new string('█', end - start) + new string('░', Math.Max(0, late - end));

        int Column(Duration time) => whole > TimeSpan.Zero ? (int)Math.Round(ChartWidth * (time.ToTimeSpan() / whole)) : 0;
    }

    private static void WriteLimits(CommandEnvironment environment, RepeatedField<ForecastLimit> limits)
    {
        if (limits.Count == 0)
        {
            return;
        }

        var table = ListTable.Create("LIMIT", ">ALLOWED", ">PEAK", "FULL");
        foreach (var limit in limits)
        {
            table.Row(limit.Limit, $"{limit.Allowed}", $"{limit.Peak}", limit.Keys == 1 ? (limit.Full > 0 ? "yes" : "no") : $"{limit.Full} of {limit.Keys}");
        }

        table.WriteBlock(environment);
    }

    private static void WriteChanges(CommandEnvironment environment, RepeatedField<ForecastChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var table = ListTable.Create("WITH", ">P50");
        foreach (var change in changes)
        {
            table.Row(change.Description, Clock(change.Duration));
        }

        table.WriteBlock(environment);
    }

    private static string Clock(Duration duration) => Quantity.Clock(duration.ToTimeSpan());

    private static void Fact(TextWriter output, string name, string value)
    {
        if (value.Length > 0)
        {
            output.WriteLine($"  {name + ":",-12}{value}");
        }
    }
}
