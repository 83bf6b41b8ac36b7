using System.Globalization;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Running;

/// <summary>What can be done to running processes by files in their data directories: their clocks, and the hosts of agents.</summary>
internal static class Controls
{
    /// <summary>The file that silences a host while it is there.</summary>
    public const string Silence = "silence";

    /// <summary>The file in which a coordinator with a clock that can be set keeps when it really made each write.</summary>
    public const string TrueTimes = "true-times";

    private const string Clock = "clock";

    /// <summary>Agents whose hosts can be silenced.</summary>
    public static ServerSettings WithSilence(this ServerSettings server) => Controlled(server, "--silence", Silence);

    /// <summary>Servers whose clocks can be set.</summary>
    public static ServerSettings WithClock(this ServerSettings server) => Controlled(server, "--clock", Clock);

    /// <summary>Sets a clock.</summary>
    /// <param name="data">The data directory of its process.</param>
    /// <param name="ahead">How far it is ahead of the system's.</param>
    public static void SetClock(string data, TimeSpan ahead)
    {
        // Moved into place: it is read at any moment.
        var fresh = Path.Combine(data, $"{Clock}.new");
        File.WriteAllText(fresh, ((long)ahead.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        File.Move(fresh, Path.Combine(data, Clock), overwrite: true);
    }

    /// <summary>When each version of a campaign was really written; empty when its coordinator's clock could not be set.</summary>
    public static IReadOnlyDictionary<long, DateTimeOffset> ReadTrueTimes(string data, Guid campaign)
    {
        var (times, path) = (new Dictionary<long, DateTimeOffset>(), Path.Combine(data, TrueTimes));
        foreach (var words in (File.Exists(path) ? File.ReadAllLines(path) : []).Select(line => line.Split(' ')).Where(words => words.Length == 4 && words[3] == "." && Guid.Parse(words[0]) == campaign))
        {
            // A write that failed is made again with the same version.
            times[long.Parse(words[1], CultureInfo.InvariantCulture)] = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(words[2], CultureInfo.InvariantCulture));
        }

        return times;
    }

    private static ServerSettings Controlled(ServerSettings server, string word, string file)
    {
        var before = server.Before;
        return server with
        {
            Assembly = Rows.Menu.FaultyServers,
            Before = life => before(life) is var words && words is [.., "--"] ? [word, file, .. words] : [word, file, "--"],
        };
    }
}
