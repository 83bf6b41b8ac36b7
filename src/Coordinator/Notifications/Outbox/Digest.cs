using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Campaigns.Notices;

namespace HostAgent.Coordinator.Notifications.Outbox;

/// <summary>What a message says of one campaign: everything that happened since the one before, counted by topic, with the first few of each.</summary>
/// <param name="Campaign">The campaign's id.</param>
/// <param name="Uid">Its uid.</param>
/// <param name="State">Its state after the newest of the events, UPPER_SNAKE_CASE.</param>
/// <param name="FirstVersion">The version of the stream at the first of the events.</param>
/// <param name="LastVersion">The version at the last.</param>
/// <param name="FirstTopic">The word of the topic of the first.</param>
/// <param name="Parts">One for each topic, in the order in which they came up.</param>
internal sealed record Digest(string Campaign, Guid Uid, string State, long FirstVersion, long LastVersion, string FirstTopic, IReadOnlyList<DigestPart> Parts)
{
    /// <summary>How many of each topic are told in full.</summary>
    public const int MostOfPart = 5;

    /// <summary>How many of all topics are told in full.</summary>
    public const int MostOfAll = 20;

    /// <summary>Its identity: the same events give the same, however often they are read, so that receivers can drop what they have seen.</summary>
    [JsonIgnore]
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Uid:N}-{FirstVersion}-{FirstTopic.Replace('.', '-')}");

    /// <summary>The word of its only topic; <c>digest</c> when there are several.</summary>
    [JsonIgnore]
    public string Kind => Parts.Count == 1 ? Parts[0].Topic : "digest";

    /// <summary>When the newest of the events was decided.</summary>
    [JsonIgnore]
    public DateTimeOffset Time => Parts.Max(part => part.LastTime);

    /// <summary>One line for the subject of a mail: the campaign, what, and its state.</summary>
    [JsonIgnore]
    public string Subject => $"{Campaign}: {string.Join(", ", Parts.Select(part => part.Count == 1 ? Spoken(part.Topic) : string.Create(CultureInfo.InvariantCulture, $"{part.Count} × {Spoken(part.Topic)}")))} ({State})";

    /// <summary>A digest of one notice.</summary>
    public static Digest Of(string campaign, Guid uid, string state, Notice notice)
    {
        var word = NoticeTopics.WordOf(notice.Topic);
        return new Digest(campaign, uid, state, notice.Version, notice.Version, word, [DigestPart.Of(word, notice)]);
    }

    /// <summary>The same with one notice more.</summary>
    public Digest With(string state, Notice notice)
    {
        var word = NoticeTopics.WordOf(notice.Topic);
        var hasRoom = Parts.Sum(part => part.First.Count) < MostOfAll;
        var parts = Parts.ToList();
        var index = parts.FindIndex(part => part.Topic == word);
        if (index < 0)
        {
            parts.Add(hasRoom ? DigestPart.Of(word, notice) : DigestPart.Of(word, notice) with { First = [] });
        }
        else
        {
            parts[index] = parts[index].With(notice, hasRoom);
        }

        return this with { State = state, LastVersion = Math.Max(LastVersion, notice.Version), Parts = parts };
    }

    /// <summary>What people read: no longer than what is told in full and one line for each topic more.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            foreach (var one in part.First)
            {
                text.Append(CultureInfo.InvariantCulture, $"{one.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {one.Text}\n");
                if (one.Act.Length > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"    {one.Act}\n");
                }
            }

            if (part.Count > part.First.Count)
            {
                text.Append(CultureInfo.InvariantCulture, $"… {part.Count - part.First.Count} more of {Spoken(part.Topic)}, until {part.LastTime.UtcDateTime:HH:mm:ss}Z.\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"\nCampaign {Campaign} was {State} at version {LastVersion}.\n    failback campaign show {Campaign}\n");
        return text.ToString();
    }

    /// <summary>As it is kept in the outbox.</summary>
    public string Write() => JsonSerializer.Serialize(this, DigestJson.Default.Digest);

    /// <summary>Reads what was kept.</summary>
    public static Digest Read(string json) => JsonSerializer.Deserialize(json, DigestJson.Default.Digest) ?? throw new JsonException("The text is null, not a digest.");

    private static string Spoken(string topic) => topic.Replace('.', ' ').Replace('-', ' ');
}

/// <summary>What happened of one topic.</summary>
/// <param name="Topic">The word of the topic.</param>
/// <param name="Count">How often.</param>
/// <param name="LastTime">When last.</param>
/// <param name="First">The first few.</param>
internal sealed record DigestPart(string Topic, int Count, DateTimeOffset LastTime, IReadOnlyList<DigestNotice> First)
{
    public static DigestPart Of(string topic, Notice notice) => new(topic, 1, notice.Time, [DigestNotice.Of(notice)]);

    public DigestPart With(Notice notice, bool hasRoom) => this with
    {
        Count = Count + 1,
        LastTime = notice.Time,
        First = hasRoom && First.Count < Digest.MostOfPart ? [.. First, DigestNotice.Of(notice)] : First,
    };
}

/// <summary>One notice that is told in full.</summary>
/// <param name="Version">The version of the stream at its event.</param>
/// <param name="Time">When the event was decided.</param>
/// <param name="Subject">The machine, host or wave; empty for the campaign.</param>
/// <param name="Text">What happened.</param>
/// <param name="Act">What a person may type; empty for nothing.</param>
internal sealed record DigestNotice(long Version, DateTimeOffset Time, string Subject, string Text, string Act)
{
    public static DigestNotice Of(Notice notice) => new(notice.Version, notice.Time, notice.Subject, notice.Text, notice.Act);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Digest))]
internal sealed partial class DigestJson : JsonSerializerContext;
