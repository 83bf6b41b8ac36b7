using System.Globalization;

namespace HostAgent.FaultyServers;

/// <summary>
/// The system's clock as somebody has set it: a file says by how much, and may say something else at any time. Its counter and its timers go on as they did, as those of a machine whose clock
/// is set do.
/// </summary>
/// <param name="file">The file, with whole milliseconds; while there is none, the clock is right.</param>
internal sealed class SetClock(string file) : TimeProvider
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private long? _looked;
    private TimeSpan _ahead;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead();

    private TimeSpan Ahead()
    {
        lock (_lock)
        {
            if (_looked is null || GetElapsedTime(_looked.Value) > Often)
            {
                _looked = GetTimestamp();
                _ahead = File.Exists(file) ? TimeSpan.FromMilliseconds(long.Parse(File.ReadAllText(file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) : TimeSpan.Zero;
            }

            return _ahead;
        }
    }
}
