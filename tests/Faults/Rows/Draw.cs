using HostAgent.Faults.Running;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.Faults.Rows;

/// <summary>What a seed draws: moments, lengths, victims.</summary>
internal static class Draw
{
    /// <summary>A time between two, in milliseconds.</summary>
    public static TimeSpan Time(this Random random, int from, int to) => TimeSpan.FromMilliseconds(random.Next(from, to));

    /// <summary>One of several.</summary>
    public static T One<T>(this Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>So many faults, one after the other, each drawn by a function.</summary>
    public static IReadOnlyList<PlannedStrike> Series(this Random random, int count, int shortest, int longest, Func<TimeSpan, PlannedStrike> draw)
    {
        var (strikes, after) = (new List<PlannedStrike>(), TimeSpan.Zero);
        for (var index = 0; index < count; index++)
        {
            after += random.Time(shortest, longest);
            strikes.Add(draw(after));
        }

        return strikes;
    }

    public static PlannedStrike KillCoordinator(this Random random, TimeSpan after)
    {
        var down = random.Time(50, 1500);
        return new PlannedStrike(after, $"kill the coordinator, down for {Text(down)}", (theatre, _) => theatre.KillCoordinatorAsync(down));
    }

    public static PlannedStrike RestartCoordinator(this Random random, TimeSpan after)
    {
        var down = random.Time(50, 800);
        return new PlannedStrike(after, $"restart the coordinator, down for {Text(down)}", (theatre, _) => theatre.RestartCoordinatorAsync(down));
    }

    public static PlannedStrike KillAgent(this Random random, Setup setup, TimeSpan after, int longest = 1500)
    {
        var (host, down) = (random.One(setup.Estate.Hosts).Name, random.Time(50, longest));
        return new PlannedStrike(after, $"kill the agent of {host}, down for {Text(down)}", (theatre, _) => theatre.KillAgentAsync(host, down));
    }

    /// <summary>Sets the clock of the coordinator, or of an agent, ten minutes ahead, ten minutes back or right; in every third case the process is killed meanwhile.</summary>
    /// <param name="random">The seed's.</param>
    /// <param name="host">The agent's host; null for the coordinator.</param>
    /// <param name="after">When.</param>
    public static PlannedStrike SetClock(this Random random, string? host, TimeSpan after)
    {
        var (ahead, isKilled, down) = (TimeSpan.FromMinutes(random.One([-10, 0, 10])), random.Next(3) == 0, random.Time(50, 1500));
        var what = FormattableString.Invariant($"set the clock of {(host is null ? "the coordinator" : $"the agent of {host}")} to {ahead.TotalMinutes:+0;-0;0} min");
        return isKilled
            ? new PlannedStrike(after, $"{what} while it is killed, down for {Text(down)}", (theatre, _) => theatre.SetClockAndKillAsync(host, ahead, down))
            : new PlannedStrike(after, what, (theatre, _) => theatre.SetClockAsync(host, ahead));
    }

    public static PlannedStrike FreezeCoordinator(this Random random, TimeSpan after, int shortest, int longest)
    {
        var time = random.Time(shortest, longest);
        return new PlannedStrike(after, $"stop the coordinator for {Text(time)}", (theatre, _) => theatre.FreezeAsync("coordinator", null, theatre.Coordinators[0], time));
    }

    public static PlannedStrike CrashDatabase(this Random random, TimeSpan after)
    {
        var down = random.Time(100, 6000);
        return new PlannedStrike(after, $"crash the database, down for {Text(down)}", (theatre, _) => theatre.CrashDatabaseAsync(down));
    }

    public static PlannedStrike EndNode(this Random random, string signal, TimeSpan after)
    {
        var down = random.Time(50, 3000);
        return new PlannedStrike(after, $"{signal} to the coordinator at work, down for {Text(down)}", (theatre, ended) => theatre.StrikeAsync((nodes, struck) => nodes.EndAsync(signal, down, struck, ended)));
    }

    public static PlannedStrike FreezeNode(this Random random, TimeSpan after)
    {
        // The server misses it after five seconds: some are missed, and some are not.
        var time = random.Time(2000, 15_000);
        return new PlannedStrike(after, $"stop the coordinator at work for {Text(time)}", (theatre, ended) => theatre.StrikeAsync((nodes, struck) => nodes.FreezeAsync(time, struck, ended)));
    }

    public static PlannedStrike CutNodeOff(this Random random, TimeSpan after)
    {
        var time = random.Time(2000, 15_000);
        return new PlannedStrike(after, $"cut the coordinator at work off from the database for {Text(time)}", (theatre, ended) => theatre.StrikeAsync((nodes, struck) => nodes.CutOffAsync(time, struck, ended)));
    }

    public static PlannedStrike FreezeAgent(this Random random, Setup setup, TimeSpan after)
    {
        var (host, time) = (random.One(setup.Estate.Hosts).Name, random.Time(500, 6000));
        return new PlannedStrike(after, $"stop the agent of {host} for {Text(time)}", (theatre, _) => theatre.FreezeAsync($"agent of {host}", host, theatre.Cluster.Agents[host], time));
    }

    public static PlannedStrike BreakWire(this Random random, Setup setup, TimeSpan after, IReadOnlyList<WireFault> faults, int longest = 5000)
    {
        var (fault, time) = (random.One(faults), random.Time(300, longest));
        IReadOnlyList<string> hosts = random.Next(3) == 0 ? [.. setup.Estate.Hosts.Select(host => host.Name)] : [random.One(setup.Estate.Hosts).Name];
        return new PlannedStrike(after, $"wire to {string.Join(", ", hosts)}: {fault} for {Text(time)}", (theatre, _) => theatre.BreakWireAsync(fault, hosts, time));
    }

    public static PlannedStrike ResetWire(this Random random, Setup setup, TimeSpan after)
    {
        var host = random.One(setup.Estate.Hosts).Name;
        return new PlannedStrike(after, $"reset the wire to {host}", (theatre, _) => theatre.ResetWireAsync(host));
    }

    public static PlannedStrike CutLink(this Random random, TimeSpan after)
    {
        var time = random.Time(200, 2000);
        return new PlannedStrike(after, $"cut the link of the pair for {Text(time)}", (theatre, _) => theatre.CutLinkAsync(theatre.Pairs[0], time));
    }

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0} ms");
}
