using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Checking;

/// <summary>What the hosts did, against what was stored.</summary>
internal static class EffectRules
{
    /// <summary>Each failback belongs to the attempt that was stored last before it, and each attempt has at most one.</summary>
    public static IEnumerable<Violation> OneEffectPerAttempt(History history)
    {
        foreach (var planned in history.Stored.Where(stored => stored.Fact == Fact.Planned && stored.Item is not null))
        {
            var attempts = history.Stored.Where(stored => stored.Fact == Fact.Starting && stored.Item == planned.Item).ToList();
            var effects = new Dictionary<int, List<Effect>>();
            foreach (var effect in history.Effects.Where(effect => effect.Machine == planned.Machine && !effect.IsForeign).OrderBy(effect => effect.Time))
            {
                if (attempts.LastOrDefault(attempt => attempt.Time <= effect.Time) is { } attempt)
                {
                    (effects.TryGetValue(attempt.Attempt, out var of) ? of : effects[attempt.Attempt] = []).Add(effect);
                }
                else
                {
                    yield return StoppedAt(history, effect.Time)
                        ? new Violation(Rule.StartedAfterStop, planned.Item!, $"{effect.Host} began a failback at {Text(effect.Time)}, while nothing may start")
                        : new Violation(Rule.EffectWithoutAttempt, planned.Item!, $"{effect.Host} began a failback at {Text(effect.Time)}, and no attempt was stored before");
                }
            }

            foreach (var (attempt, of) in effects.Where(pair => pair.Value.Count > 1))
            {
                yield return new Violation(Rule.DuplicateEffect, planned.Item!, $"{of.Count} failbacks took effect for attempt {attempt}: {string.Join(", ", of.Select(effect => Text(effect.Time)))}");
            }
        }
    }

    /// <summary>A success that is stored is one that the host has; a person's own decision is not checked.</summary>
    public static IEnumerable<Violation> NoFalseSuccess(History history)
    {
        foreach (var success in history.Stored.Where(stored => stored.Fact == Fact.Succeeded))
        {
            if (history.IsHostToHost)
            {
                if (history.Pairs.FirstOrDefault(pair => pair.Item == success.Item) is not { RunsAtHome: true })
                {
                    yield return new Violation(Rule.FalseSuccess, success.Item!, "it is told to be home, and does not run there");
                }
            }
            else if (history.Stored.FirstOrDefault(stored => stored.Fact == Fact.Planned && stored.Item == success.Item) is not { } planned
                || !history.Effects.Any(effect => effect.Machine == planned.Machine && effect.Succeeded))
            {
                yield return new Violation(Rule.FalseSuccess, success.Item!, "it is told to be failed back, and its host has no such failback");
            }
        }
    }

    /// <summary>Failbacks under way at once, on the clock of the hosts. What the campaign has given up on holds no limit any more.</summary>
    public static IEnumerable<Violation> LimitsOnHosts(History history)
    {
        var machines = history.Stored.Where(stored => stored.Fact == Fact.Planned).ToDictionary(stored => stored.Machine, stored => stored.Item!);
        var spans = history.Effects.Where(effect => !effect.IsForeign && machines.ContainsKey(effect.Machine)).Select(effect => (effect.Host, From: effect.Time, Until: EndOf(history, effect, machines[effect.Machine]))).ToList();
        if (Peaks.Of(spans.Select(span => (span.From, span.Until))) is var all && history.Allowed.Campaign < all)
        {
            yield return new Violation(Rule.LimitExceeded, history.Campaign, $"{all} failbacks ran at once, and the document allows {history.Allowed.Campaign}");
        }

        foreach (var host in spans.GroupBy(span => span.Host, StringComparer.Ordinal))
        {
            if (Peaks.Of(host.Select(span => (span.From, span.Until))) is var peak && history.Allowed.Host < peak)
            {
                yield return new Violation(Rule.LimitExceeded, host.Key, $"{peak} failbacks ran at once, and the document allows {history.Allowed.Host}");
            }
        }
    }

    /// <summary>Machines of pairs: never twice, with all their writes, shut down and started once.</summary>
    public static IEnumerable<Violation> Pairs(History history)
    {
        foreach (var pair in history.Pairs)
        {
            var succeeded = history.Stored.Any(stored => stored.Fact == Fact.Succeeded && stored.Item == pair.Item);
            if (pair.BothRan > TimeSpan.Zero)
            {
                yield return new Violation(Rule.RanTwice, pair.Item, $"{pair.Name} ran on both hosts for {pair.BothRan}");
            }

            if (succeeded && (pair.HomeLacks > TimeSpan.Zero || pair.IsMixed))
            {
                yield return new Violation(Rule.WritesLost, pair.Item, $"{pair.Name} came home without the writes of {pair.HomeLacks}{(pair.IsMixed ? ", on mixed disks" : "")}");
            }

            if (pair.StartsAtRecovery > 1 || pair.StartsAtHome > 1)
            {
                yield return new Violation(Rule.DuplicateEffect, pair.Item, $"{pair.Name} was started {pair.StartsAtHome} times at home and {pair.StartsAtRecovery} times at the recovery site");
            }
        }

        if (history.MostDown > history.Allowed.Switch)
        {
            yield return new Violation(Rule.LimitExceeded, history.Campaign, $"{history.MostDown} services were down at once, and the document allows {history.Allowed.Switch}");
        }
    }

    // The job's end, or the end of the item if that came first.
    private static DateTimeOffset EndOf(History history, Effect effect, string item)
    {
        var end = effect.End ?? DateTimeOffset.MaxValue;
        var told = history.Stored.FirstOrDefault(stored => stored.Item == item && stored.Time > effect.Time && (stored.IsTerminal || stored.Fact == Fact.Parked))?.Time ?? DateTimeOffset.MaxValue;
        return end < told ? end : told;
    }

    private static bool StoppedAt(History history, DateTimeOffset time)
    {
        var causes = new StopCauses();
        foreach (var stored in history.Stored.TakeWhile(stored => stored.Time <= time))
        {
            causes.Take(stored);
        }

        return causes.IsStopped;
    }

    private static string Text(DateTimeOffset time) => time.ToString("HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>How many spans overlap at most. A span that ends when another begins does not overlap it.</summary>
internal static class Peaks
{
    public static int Of(IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> spans)
    {
        var (most, now) = (0, 0);
        foreach (var (_, change) in spans.SelectMany(span => new[] { (Time: span.From, Change: 1), (Time: span.Until, Change: -1) }).OrderBy(edge => edge.Time).ThenBy(edge => edge.Change))
        {
            now += change;
            most = Math.Max(most, now);
        }

        return most;
    }
}

/// <summary>Why nothing may start, event by event.</summary>
internal sealed class StopCauses
{
    private readonly HashSet<string> _causes = new(StringComparer.Ordinal);

    /// <summary>Whether nothing may start.</summary>
    public bool IsStopped => _causes.Count > 0;

    /// <summary>The causes.</summary>
    public string Text => string.Join(", ", _causes);

    /// <summary>Takes the next event.</summary>
    public void Take(Stored stored)
    {
        switch (stored.Fact)
        {
            case Fact.Paused:
                _causes.Add(stored.Text);
                break;
            case Fact.Resumed:
                _causes.Remove(stored.Text);
                break;
            case Fact.Stopping or Fact.Ended:
                _causes.Add("stopped");
                break;
            case Fact.Reopened:
                _causes.Remove("stopped");
                break;
        }
    }
}
