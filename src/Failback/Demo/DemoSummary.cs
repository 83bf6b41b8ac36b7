using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Failback.Demo;

/// <summary>The result of a demo. The names and their order are a contract with other tools.</summary>
internal sealed record DemoSummary
{
    /// <summary>The campaign's state, for example COMPLETED.</summary>
    public required string State { get; init; }

    public required int Hosts { get; init; }

    /// <summary>Number of virtual machines in the campaign.</summary>
    public required int Items { get; init; }

    /// <summary>Number of machines failed back, with or without warnings.</summary>
    public required int Succeeded { get; init; }

    public required int Failed { get; init; }

    /// <summary>Number of machines with an unknown outcome.</summary>
    public required int Unknown { get; init; }

    /// <summary>The simulated hosts' own count of accepted InitiateFailback calls.</summary>
    public required long Initiations { get; init; }

    public required int Waves { get; init; }

    /// <summary>Duration of the campaign in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether every machine was failed back by exactly one initiation.</summary>
    [JsonIgnore]
    public bool IsPerfect => State == EnumWord.Of(CampaignState.Completed) && Succeeded == Items && Initiations == Items;

    public static DemoSummary Of(Campaign campaign, int hosts, long initiations)
    {
        var counts = campaign.Counts ?? new ItemCounts();
        var duration = campaign.StartTime is null || campaign.EndTime is null
            ? TimeSpan.Zero
            : campaign.EndTime.ToDateTimeOffset() - campaign.StartTime.ToDateTimeOffset();
        return new DemoSummary
        {
            State = EnumWord.Of(campaign.State),
            Hosts = hosts,
            Items = counts.Total,
            Succeeded = counts.AllSucceeded(),
            Failed = counts.Failed,
            Unknown = counts.UnknownOutcome,
            Initiations = initiations,
            Waves = campaign.Waves.Count,
            Seconds = Math.Round(duration.TotalSeconds, 1),
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>The result in one sentence.</summary>
    public string ToSentence()
    {
        var each = Initiations == Items ? "one for each" : "NOT one for each";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Succeeded} of {Items} virtual machines failed back in {Seconds:0.0} s; the hosts counted {Initiations} initiations, {each}.");
    }
}
