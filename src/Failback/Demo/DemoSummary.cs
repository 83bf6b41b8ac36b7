using HostAgent.Contracts.Words;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
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

    /// <summary>Host to host: machines that run on their host at home and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Home { get; init; }

    /// <summary>Host to host: machines at home whose changes the other host receives.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Protected { get; init; }

    /// <summary>Host to host: machines that ran on both hosts at once, for however short a time.</summary>
    [JsonPropertyName("double_running")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DoubleRunning { get; init; }

    /// <summary>Host to host: machines whose disks at home lack something that was written.</summary>
    [JsonPropertyName("lost_writes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LostWrites { get; init; }

    /// <summary>How often a coordinator that was at work was killed, and another one took over; null when none was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Takeovers { get; init; }

    /// <summary>
    /// Whether every machine was failed back by exactly one initiation; host to host, whether every one is at home and protected, none ran twice and no write was lost.
    /// </summary>
    [JsonIgnore]
    public bool IsPerfect => State == EnumWord.Of(CampaignState.Completed) && Succeeded == Items
        && (Home is null ? Initiations == Items : (Home, Protected, DoubleRunning, LostWrites) == (Items, Items, 0, 0));

    /// <param name="campaign">The campaign as it ended.</param>
    /// <param name="hosts">Number of hosts.</param>
    /// <param name="initiations">What the hosts counted.</param>
    /// <param name="pairs">What the pairs show; null when there are none.</param>
    public static DemoSummary Of(Campaign campaign, int hosts, long initiations, PairCounts? pairs)
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
            Home = pairs?.Home,
            Protected = pairs?.Protected,
            DoubleRunning = pairs?.DoubleRunning,
            LostWrites = pairs?.LostWrites,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    /// <summary>The result in one sentence.</summary>
    public string ToSentence()
    {
        if (Home is not null)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Home} of {Items} virtual machines are home in {Seconds:0.0} s, {Protected} of them protected again; as the hosts themselves counted, {DoubleRunning} ever ran twice and {LostWrites} lost writes.");
        }

        var each = Initiations == Items ? "one for each" : "NOT one for each";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Succeeded} of {Items} virtual machines failed back in {Seconds:0.0} s; the hosts counted {Initiations} initiations, {each}.");
    }
}
