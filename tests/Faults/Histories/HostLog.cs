using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HostAgent.Faults.Histories;

/// <summary>Reads what a simulated host did from the log that it keeps for itself, line by line: nobody else's word counts.</summary>
internal static class HostLog
{
    // Msvm_ConcreteJob.JobState: completed, and completed with warnings.
    private const int Completed = 7;
    private const int CompletedWithWarnings = 32768;

    /// <summary>Reads the failbacks that took effect on a host.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="path">Its log. A host that nothing happened to has none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The log was shortened, so that it does not tell everything.</exception>
    public static async Task<IReadOnlyList<Effect>> ReadAsync(string host, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n');
        // The last piece is empty, or a line that nobody was told of.
        return Read(host, lines[..^1]);
    }

    /// <summary>Reads the failbacks from the lines of a log.</summary>
    /// <exception cref="InvalidDataException">The log was shortened, so that it does not tell everything.</exception>
    public static IReadOnlyList<Effect> Read(string host, IEnumerable<string> lines)
    {
        var effects = new List<(Effect Effect, string? Job)>();
        foreach (var line in lines)
        {
            using var record = JsonDocument.Parse(line);
            var root = record.RootElement;
            var time = root.GetProperty("time").GetDateTimeOffset();
            switch (root.GetProperty("type").GetString())
            {
                case "failbackInitiated":
                    var job = root.TryGetProperty("jobId", out var id) ? id.GetString() : null;
                    var raced = root.TryGetProperty("strikes", out var strikes) && strikes.EnumerateArray().Any(strike => strike.GetString()!.Contains("raced", StringComparison.OrdinalIgnoreCase));
                    effects.Add((new Effect(host, root.GetProperty("virtualMachineId").GetGuid(), time, job is null ? time : null, Succeeded: job is null) { IsForeign = raced }, job));
                    break;
                case "jobEnded":
                    End(effects, root.GetProperty("jobId").GetString(), time, Number(root.GetProperty("jobState")) is Completed or CompletedWithWarnings);
                    break;
                case "jobVanished":
                    End(effects, root.GetProperty("jobId").GetString(), time, succeeded: false);
                    break;
                case "hostRestarted":
                    effects.Where(one => one.Effect.End is null).Select(one => one.Job).ToList().ForEach(gone => End(effects, gone, time, succeeded: false));
                    break;
                case "hostSummary":
                    throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The log of {host} was shortened after {effects.Count} failbacks; use smaller campaigns."));
            }
        }

        return [.. effects.Select(one => one.Effect)];
    }

    private static void End(List<(Effect Effect, string? Job)> effects, string? job, DateTimeOffset time, bool succeeded)
    {
        for (var index = 0; index < effects.Count; index++)
        {
            if (effects[index].Job == job && effects[index].Effect.End is null)
            {
                effects[index] = (effects[index].Effect with { End = time, Succeeded = succeeded }, job);
            }
        }
    }

    private static int Number(JsonElement value)
        => value.ValueKind == JsonValueKind.Number ? value.GetInt32() : value.GetString() switch { "Completed" or "completed" => Completed, "CompletedWithWarnings" or "completedWithWarnings" => CompletedWithWarnings, _ => 0 };
}
