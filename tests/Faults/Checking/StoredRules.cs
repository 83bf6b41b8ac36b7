using HostAgent.Faults.Histories;

namespace HostAgent.Faults.Checking;

/// <summary>What was stored, against itself.</summary>
internal static class StoredRules
{
    /// <summary>Every item that began ends once, whatever was told in between; a campaign that completed has ended every item.</summary>
    public static IEnumerable<Violation> Endings(History history)
    {
        var ends = new Dictionary<string, Stored?>(StringComparer.Ordinal);
        foreach (var stored in history.Stored)
        {
            if (stored.Fact == Fact.Ended && stored.Text.StartsWith("Completed", StringComparison.Ordinal))
            {
                foreach (var (item, _) in ends.Where(pair => pair.Value is null))
                {
                    yield return new Violation(Rule.TerminalEventLost, item, $"the campaign ended ({stored.Text}), and the item has not");
                }
            }

            if (stored.Item is not { } about)
            {
                continue;
            }

            var former = ends.GetValueOrDefault(about);
            switch (stored.Fact)
            {
                case Fact.Planned or Fact.RetryRequested:
                    ends[about] = null;
                    break;
                case Fact.Starting when former is { Fact: Fact.Succeeded }:
                    yield return new Violation(Rule.StartedAfterSuccess, about, $"attempt {stored.Attempt} began after the item had succeeded");
                    break;
                case Fact.Starting when former is { IsTerminal: true }:
                    yield return new Violation(Rule.TerminalEventContradicted, about, $"attempt {stored.Attempt} began after {former.Text}, and nobody had asked for it");
                    break;
                case Fact.Resolved:
                    ends[about] = stored;
                    break;
                default:
                    if (stored.IsTerminal)
                    {
                        // An unknown outcome is settled by a definite one.
                        if (former is { IsTerminal: true } && former.Fact != Fact.Unknown)
                        {
                            yield return new Violation(
                                former.Fact == stored.Fact ? Rule.TerminalEventDoubled : Rule.TerminalEventContradicted, about, $"{stored.Text} (version {stored.Version}) after {former.Text} (version {former.Version})");
                        }

                        ends[about] = stored;
                    }

                    break;
            }
        }
    }

    /// <summary>No attempt begins while the campaign is paused, breached or stopped, or its window is closed.</summary>
    public static IEnumerable<Violation> NothingStartsWhileStopped(History history)
    {
        var causes = new StopCauses();
        foreach (var stored in history.Stored)
        {
            causes.Take(stored);
            if (stored.Fact == Fact.Starting && causes.IsStopped)
            {
                yield return new Violation(Rule.StartedAfterStop, stored.Item!, $"attempt {stored.Attempt} began (version {stored.Version}) while nothing may start: {causes.Text}");
            }
        }
    }

    /// <summary>Whatever was broken makes one coordinator take the campaign over once, or read it again once.</summary>
    public static IEnumerable<Violation> TakeOvers(History history)
    {
        var allowed = history.Strikes.Count + 2;
        if (history.Stored.Count(stored => stored.Text.StartsWith("epoch-advanced", StringComparison.Ordinal)) is var count && count > allowed)
        {
            yield return new Violation(
                Rule.TakenOverWithoutEnd, history.Campaign, $"{count} epochs, and {history.Strikes.Count} faults explain at most {allowed}");
        }
    }

    /// <summary>The times that events have follow their order, whatever was done to the clock.</summary>
    public static IEnumerable<Violation> TimesOnlyGrow(History history)
    {
        foreach (var (former, next) in history.Stored.Zip(history.Stored.Skip(1)))
        {
            if ((former.OwnTime ?? former.Time) is var before && (next.OwnTime ?? next.Time) is var after && after < before)
            {
                yield return new Violation(Rule.TimeWentBack, history.Campaign, $"version {next.Version} ({next.Text}) is of {after:HH:mm:ss.fff}, and version {former.Version} of {before:HH:mm:ss.fff}");
            }
        }
    }

    /// <summary>A host that is out of reach is waited for as long as the document says, by the true time.</summary>
    public static IEnumerable<Violation> HostsAreWaitedFor(History history)
    {
        var hosts = history.Stored.Where(stored => stored.Fact == Fact.Planned).ToDictionary(stored => stored.Item!, stored => stored.Text, StringComparer.Ordinal);
        var lost = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var stored in history.Stored)
        {
            if (stored.Text.StartsWith("host-lost ", StringComparison.Ordinal))
            {
                lost.TryAdd(stored.Text.Split(' ', ':')[1], stored.Time);
            }
            else if (stored.Text.StartsWith("host-found ", StringComparison.Ordinal))
            {
                lost.Remove(stored.Text.Split(' ', ':')[1]);
            }
            else if (history.UnreachableAfter is { } patience && stored.Text.Contains(" HOST_UNREACHABLE:", StringComparison.Ordinal) && hosts.GetValueOrDefault(stored.Item!) is { } host
                && (!lost.TryGetValue(host, out var since) || stored.Time - since < patience))
            {
                yield return new Violation(Rule.GivenUpEarly, stored.Item!, $"{stored.Text} (version {stored.Version}) after less than {patience} without {host}");
            }
        }
    }

    /// <summary>Attempts in flight at once, STARTING included. Of pairs the hosts are asked: an item of two steps is in flight once for each.</summary>
    public static IEnumerable<Violation> Limits(History history)
    {
        if (history.IsHostToHost)
        {
            yield break;
        }

        var hosts = history.Stored.Where(stored => stored.Fact == Fact.Planned).ToDictionary(stored => stored.Item!, stored => stored.Text, StringComparer.Ordinal);
        var flying = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in history.Stored.Where(stored => stored.Item is not null))
        {
            if (stored.IsTerminal || stored.Fact == Fact.Parked)
            {
                flying.Remove(stored.Item!);
            }
            else if (stored.Fact == Fact.Starting && flying.Add(stored.Item!))
            {
                if (history.Allowed.Campaign < flying.Count)
                {
                    yield return new Violation(Rule.LimitExceeded, history.Campaign, $"{flying.Count} items were in flight at version {stored.Version}, and the document allows {history.Allowed.Campaign}");
                }

                var host = hosts.GetValueOrDefault(stored.Item!);
                if (flying.Count(item => hosts.GetValueOrDefault(item) == host) is var there && history.Allowed.Host < there)
                {
                    yield return new Violation(Rule.LimitExceeded, host ?? stored.Item!, $"{there} items were in flight at version {stored.Version}, and the document allows {history.Allowed.Host}");
                }
            }
        }
    }
}
