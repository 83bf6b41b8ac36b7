using System.Collections.Concurrent;
using System.Globalization;

namespace HostAgent.Transport;

/// <summary>
/// Lines that a stranger can cause as often as he likes. The first of a kind is written; those that follow within a minute are counted, and the
/// last of them is written with their number.
/// </summary>
public sealed class SampledLog(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private const int MostKinds = 1000;
    private const string Others = "";

    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>Writes a line, or counts it.</summary>
    /// <param name="kind">What counts as one kind, for example an address and a reason.</param>
    /// <param name="text">The line.</param>
    /// <param name="write">Writes it.</param>
    public void Write(string kind, string text, Action<string> write)
    {
        // A stranger who makes up kinds as he goes must not fill the memory.
        var key = _kinds.Count < MostKinds || _kinds.ContainsKey(kind) ? kind : Others;
        if (_kinds.GetOrAdd(key, _ => new Kind(time.GetTimestamp())).Take(text, write))
        {
            write(text);
        }
    }

    /// <summary>Writes what was counted and is a minute old.</summary>
    public void Flush()
    {
        foreach (var (key, kind) in _kinds)
        {
            if (time.GetElapsedTime(kind.Since) >= Window)
            {
                _kinds.TryRemove(new KeyValuePair<string, Kind>(key, kind));
                kind.Close();
            }
        }
    }

    private sealed class Kind(long since)
    {
        private readonly Lock _lock = new();
        private long _taken;
        private string _last = "";
        private Action<string>? _write;

        public long Since { get; } = since;

        /// <summary>True for the first line, which is to be written.</summary>
        public bool Take(string text, Action<string> write)
        {
            lock (_lock)
            {
                (_last, _write) = (text, write);
                return _taken++ == 0;
            }
        }

        public void Close()
        {
            lock (_lock)
            {
                if (_taken > 1)
                {
                    _write?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{_last} (and {_taken - 2} more like it in {Window.TotalSeconds:0} s)"));
                }
            }
        }
    }
}
