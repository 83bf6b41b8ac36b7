using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Output;

/// <summary>A campaign on paper: what it is, its waves, its items.</summary>
internal static class CampaignDetails
{
    public static void Write(CommandEnvironment environment, Campaign campaign)
    {
        var now = environment.Time.GetUtcNow();
        var output = environment.Output;
        output.WriteLine(CampaignText.Sentence(campaign));
        Fact(output, "Created", $"{Quantity.Instant(campaign.CreateTime)} by {campaign.CreatedBy}");
        Fact(output, "Version", string.Create(CultureInfo.InvariantCulture, $"{campaign.Version}"));
        Fact(output, "Labels", string.Join(", ", campaign.Labels.Select(label => $"{label.Key}={label.Value}")));
        Fact(output, campaign.State == CampaignState.Scheduled ? "Starts" : "Started", Quantity.Instant(campaign.StartTime));
        Fact(output, "Ended", Quantity.Instant(campaign.EndTime));
        Fact(output, "Elapsed", campaign.State == CampaignState.Scheduled ? "" : Quantity.Between(campaign.StartTime, campaign.EndTime, now));
        Fact(output, "Items", CampaignText.Counts(campaign.Counts ?? new ItemCounts()));
        if (campaign.RemainingP50 is not null && campaign.RemainingP90 is not null)
        {
            Fact(output, "Left", $"{Quantity.Clock(campaign.RemainingP50.ToTimeSpan())} to {Quantity.Clock(campaign.RemainingP90.ToTimeSpan())} ({campaign.RemainingBasis})");
        }

        if (campaign.StartForecast is { } forecast)
        {
            Fact(output, "Planned", $"{Quantity.Clock(forecast.DurationP50.ToTimeSpan())} to {Quantity.Clock(forecast.DurationP90.ToTimeSpan())} from the start, without approvals");
        }

        foreach (var note in CampaignText.Notes(campaign))
        {
            output.WriteLine(note);
        }

        output.WriteLine();
        var table = ListTable.Create("WAVE", "STATE", ">DONE", ">PERCENT", ">FAILED", ">ELAPSED", "WAITS FOR");
        foreach (var wave in campaign.Waves)
        {
            var counts = wave.Counts ?? new ItemCounts();
            table.Row(
                wave.Name,
                EnumWord.Of(wave.State),
                $"{counts.Done()}/{counts.Total}",
                string.Create(CultureInfo.InvariantCulture, $"{wave.PercentComplete}%"),
                $"{counts.Failed + counts.UnknownOutcome}",
                Quantity.Between(wave.StartTime, wave.EndTime ?? campaign.EndTime, now),
                wave.WaitingFor);
        }

        table.Write(environment);
    }

    /// <summary>Writes the items, one on each line. What has not ended takes no longer than its campaign.</summary>
    public static void WriteItems(CommandEnvironment environment, IReadOnlyCollection<Item> items, Timestamp? campaignEnd = null)
    {
        environment.Output.WriteLine();
        if (items.Count == 0)
        {
            environment.Output.WriteLine("No item matches.");
            return;
        }

        var now = environment.Time.GetUtcNow();
        var table = ListTable.Create("ITEM", "WAVE", "HOST", "MACHINE", "STATE", ">PERCENT", ">ATTEMPT", ">ELAPSED", "EXPLANATION");
        foreach (var item in items)
        {
            table.Row(
                ResourceName.Id(item.Name),
                item.Wave,
                item.Host,
                item.VirtualMachineName,
                EnumWord.Of(item.State),
                item.HasPercentComplete ? string.Create(CultureInfo.InvariantCulture, $"{item.PercentComplete}%") : "",
                $"{item.Attempt}",
                Quantity.Between(item.StartTime, item.EndTime ?? campaignEnd, now),
                CampaignText.Explanation(item));
        }

        table.Write(environment);
    }

    private static void Fact(TextWriter output, string name, string value)
    {
        if (value.Length > 0)
        {
            output.WriteLine($"{name + ":",-9}{value}");
        }
    }
}
