using System.Globalization;
using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Checking;

/// <summary>What clients were told, against what was stored and against itself.</summary>
internal static class ClientRules
{
    private static readonly Dictionary<string, Fact> Ends = new(StringComparer.Ordinal)
    {
        ["Succeeded"] = Fact.Succeeded,
        ["SucceededWithWarnings"] = Fact.Succeeded,
        ["Failed"] = Fact.Failed,
        ["Cancelled"] = Fact.Cancelled,
        ["Skipped"] = Fact.Skipped,
        ["UnknownOutcome"] = Fact.Unknown,
    };

    /// <summary>A watcher whose last stream told the end was told the end of every item; no watcher was told an end that was none.</summary>
    public static IEnumerable<Violation> WatchersSeeEveryEnd(History history)
    {
        var stored = Endings(history);
        foreach (var shown in history.Shown.Where(_ => history.HasEnded))
        {
            if (stored.TryGetValue(shown.Item, out var end) && Ends.GetValueOrDefault(shown.State, Fact.Other) is var told && told != end[^1].Fact && end[^1].Fact != Fact.Resolved)
            {
                yield return new Violation(
                    told == Fact.Other ? Rule.TerminalEventLost : Rule.TerminalEventContradicted, shown.Item, $"it is shown as {shown.State}, and {end[^1].Text} is stored");
            }
        }

        foreach (var watched in history.Sightings.GroupBy(sighting => (sighting.Watcher, sighting.Item)))
        {
            var last = watched.Last();
            var ends = stored.GetValueOrDefault(watched.Key.Item) ?? [];
            if (history.HasEnded && ends is [.., { IsTerminal: true } end] && Ends.GetValueOrDefault(last.State, Fact.Other) != end.Fact)
            {
                yield return new Violation(Rule.TerminalEventLost, watched.Key.Item, $"{watched.Key.Watcher} last saw {last.State}, and {end.Text} is stored");
            }

            foreach (var told in watched.Where(sighting => Ends.TryGetValue(sighting.State, out var fact) && ends.TrueForAll(known => known.Fact != fact && known.Fact != Fact.Resolved)).Take(1))
            {
                yield return new Violation(Rule.TerminalEventContradicted, watched.Key.Item, $"{watched.Key.Watcher} was told {told.State} at version {told.Version}, and that was never stored");
            }
        }
    }

    /// <summary>
    /// Within an attempt a percentage goes back only with an explanation: percentages are not durable at once, so another coordinator may begin with a lower one, and says so. Versions never
    /// go back. Both are of one watcher, across all its streams.
    /// </summary>
    public static IEnumerable<Violation> PercentAndVersionsOnlyGrow(History history)
    {
        foreach (var watched in history.Sightings.GroupBy(sighting => sighting.Watcher, StringComparer.Ordinal))
        {
            var version = 0L;
            var percents = new Dictionary<(string, string), int>();
            foreach (var seen in watched)
            {
                if (seen.Version > 0 && seen.Version < version)
                {
                    yield return new Violation(Rule.VersionWentBack, seen.Watcher, $"it was told version {seen.Version} after version {version}");
                }

                version = Math.Max(version, seen.Version);
                if (seen.Percent is not { } percent)
                {
                    continue;
                }

                var key = (seen.Item, seen.Attempt);
                if (percents.TryGetValue(key, out var former) && percent < former && seen.Explanation.Length == 0)
                {
                    yield return new Violation(
                        Rule.PercentWentBack, seen.Item, string.Create(CultureInfo.InvariantCulture, $"{seen.Watcher} saw {percent} % after {former} % in attempt {seen.Attempt}, without an explanation"));
                }

                percents[key] = percent;
            }
        }
    }

    /// <summary>What was answered with OK is stored, and nobody without a right to it was answered with OK.</summary>
    public static IEnumerable<Violation> AnswersHold(History history)
    {
        foreach (var answer in history.Answers.Where(answer => answer is { IsHostile: true, IsOk: true }))
        {
            yield return new Violation(Rule.HostileCallAccepted, answer.Command, "it was answered with OK");
        }

        foreach (var promised in history.Answers.Where(answer => answer is { IsHostile: false, IsOk: true, Promises: not null }).GroupBy(answer => answer.Promises!.Value))
        {
            if (!history.Stored.Any(stored => stored.Fact == promised.Key))
            {
                yield return new Violation(Rule.AnswerLost, promised.First().Command, $"it was answered with OK, and {promised.Key} is not stored");
            }
        }
    }

    private static Dictionary<string, List<Stored>> Endings(History history) => history.Stored
        .Where(stored => stored.Item is not null && (stored.IsTerminal || stored.Fact is Fact.Resolved or Fact.RetryRequested))
        .GroupBy(stored => stored.Item!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
}
