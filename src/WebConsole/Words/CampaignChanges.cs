namespace HostAgent.WebConsole.Words;

/// <summary>What has changed between two looks at a campaign, a line each.</summary>
internal static class CampaignChanges
{
    public static IEnumerable<string> Between(Campaign was, Campaign now)
    {
        if (was.State != now.State || (was.Explanation != now.Explanation && was.PauseCause != now.PauseCause))
        {
            yield return $"The campaign is {EnumWord.Of(now.State)}. {now.Explanation}".TrimEnd();
        }

        var before = was.Waves.ToDictionary(wave => wave.Name, StringComparer.Ordinal);
        foreach (var wave in now.Waves)
        {
            if (!before.TryGetValue(wave.Name, out var old))
            {
                continue;
            }

            if (old.State != wave.State || old.WaitingFor != wave.WaitingFor)
            {
                yield return $"{wave.Name} is {EnumWord.Of(wave.State)}{(wave.WaitingFor.Length > 0 ? $" and waits for {wave.WaitingFor}" : "")}.";
            }

            if (Describe(old.Counts ?? new ItemCounts(), wave.Counts ?? new ItemCounts()) is { Length: > 0 } moved)
            {
                yield return $"{wave.Name}: {moved}.";
            }
        }
    }

    private static string Describe(ItemCounts was, ItemCounts now)
    {
        (int Was, int Now, string Word)[] counts =
        [
            (was.Active(), now.Active(), "running"), (was.Synced, now.Synced, "in step"), (was.AllSucceeded(), now.AllSucceeded(), "succeeded"), (was.Held, now.Held, "held for a person"),
            (was.Failed, now.Failed, "failed"), (was.UnknownOutcome, now.UnknownOutcome, "of unknown outcome"), (was.Cancelled, now.Cancelled, "cancelled"), (was.Skipped, now.Skipped, "skipped"),
        ];
        return string.Join(", ", counts.Where(count => count.Was != count.Now).Select(count => $"{count.Now} {count.Word} (was {count.Was})"));
    }
}
