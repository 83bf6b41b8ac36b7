using System.Globalization;

namespace HostAgent.Benchmarks;

/// <summary>What was measured on. Numbers of a machine that is busy with something else are not to be believed.</summary>
/// <param name="Processors">How many it has.</param>
/// <param name="LoadAverage">How many threads wanted to run in the minute before the benchmark began; null where the system does not tell.</param>
internal sealed record Machine(int Processors, double? LoadAverage)
{
    private const string LoadFile = "/proc/loadavg";

    public static Machine Now() => new(
        Environment.ProcessorCount,
        File.Exists(LoadFile) ? double.Parse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture) : null);

    /// <summary>The machine in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processors} processors, load average {(LoadAverage is { } load ? load.ToString("F1", CultureInfo.InvariantCulture) : "not known")} before the start");
}
