using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Contracts.Words;

/// <summary>Sentences about campaigns, waves and items.</summary>
public static class CampaignText
{
    /// <summary>The state of a campaign in one line.</summary>
    public static string Sentence(Campaign campaign)
        => $"{ResourceName.Id(campaign.Name)} is {EnumWord.Of(campaign.State)}: {(campaign.Explanation.Length > 0 ? campaign.Explanation : Counts(campaign.Counts ?? new ItemCounts()))}";

    /// <summary>The state of an item in one line.</summary>
    public static string Sentence(Item item)
        => $"{ResourceName.Id(item.Name)} ({item.VirtualMachineName} on {item.Host}) is {EnumWord.Of(item.State)}: {Explanation(item)}".TrimEnd(' ', ':');

    /// <summary>What the campaign's plan left out and warned of, a line each; empty when there is nothing.</summary>
    public static IReadOnlyList<string> Notes(Campaign campaign)
    {
        List<string> notes = [.. campaign.Warnings.Select(warning => $"{(warning.NeedsAcceptance ? "warning" : "note")}: {warning.Message}")];
        notes.AddRange(campaign.Refused.Select(refused => $"not failed back: {refused.VirtualMachineName}{(refused.Host.Length > 0 ? $" on {refused.Host}" : "")}: {refused.Reason}"));
        var more = campaign.WarningCount - campaign.Warnings.Count + campaign.RefusedCount - campaign.Refused.Count;
        if (more > 0)
        {
            notes.Add($"… and {more} more warnings and machines that are not failed back.");
        }

        if (notes.Count > 0 && campaign.WarningsAcceptedBy.Length > 0)
        {
            notes.Add($"Accepted by {campaign.WarningsAcceptedBy}.");
        }

        return notes;
    }

    /// <summary>How far a wave is, and what its gate waits for: 3/12 done, 1 failed; waits for the approval of dr-lead.</summary>
    public static string Progress(Wave wave)
    {
        var text = $"{wave.Counts.Done()}/{wave.Counts.Total} done{Troubles(wave.Counts)}";
        return wave.WaitingFor.Length == 0 ? text : $"{text}; waits for {wave.WaitingFor}";
    }

    /// <summary>The counts that are not zero, in words: 15 succeeded, 4 running, 21 waiting.</summary>
    public static string Counts(ItemCounts counts)
    {
        List<string> parts = [$"{counts.AllSucceeded()} succeeded"];
        Add(parts, counts.Active(), "running");
        Add(parts, counts.Synced, "in step");
        Add(parts, counts.Waiting(), "waiting");
        AddTroubles(parts, counts);
        return string.Join(", ", parts);
    }

    /// <summary>An item's explanation with what a reader would otherwise ask: the attempt beyond the first, and when the next is due.</summary>
    public static string Explanation(Item item)
    {
        var text = item.Explanation;
        // Coordinators before host to host do not tell the step's.
        var attempt = item.StepAttempt > 0 ? item.StepAttempt : item.Attempt;
        if (attempt > 1)
        {
            text = $"(attempt {attempt}) {text}";
        }

        return item.NextAttemptTime is null ? text : $"{text}{(text.Length == 0 ? "" : text[^1] is '.' or '!' or '?' ? " " : ". ")}Next attempt at {Quantity.Instant(item.NextAttemptTime)}.";
    }

    private static string Troubles(ItemCounts counts)
    {
        List<string> parts = [];
        AddTroubles(parts, counts);
        return string.Concat(parts.Select(part => ", " + part));
    }

    private static void AddTroubles(List<string> parts, ItemCounts counts)
    {
        Add(parts, counts.Held, "held for a person");
        Add(parts, counts.SucceededWithWarnings, "with warnings");
        Add(parts, counts.Failed, "failed");
        Add(parts, counts.UnknownOutcome, "of unknown outcome");
        Add(parts, counts.Cancelled, "cancelled");
        Add(parts, counts.Skipped, "skipped");
    }

    private static void Add(List<string> parts, int count, string word)
    {
        if (count > 0)
        {
            parts.Add($"{count} {word}");
        }
    }
}
