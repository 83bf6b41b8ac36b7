using System.Globalization;
using HostAgent.Coordinator.Store;

namespace HostAgent.FaultyServers;

/// <summary>Notes when each version of a campaign was really about to be written: the times in events are those of a clock that was set.</summary>
/// <param name="path">The file.</param>
internal sealed class TrueTimes(string path)
{
    /// <summary>Its name in the data directory.</summary>
    public const string FileName = "true-times";

    private readonly Lock _lock = new();

    /// <summary>Notes a write: one line for each version, with a full stop that tells a whole line.</summary>
    public void Note(StreamAppend append)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_lock)
        {
            File.AppendAllLines(path, append.Events.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"{append.Campaign:D} {append.ExpectedVersion + 1 + index} {now} .")));
        }
    }
}
