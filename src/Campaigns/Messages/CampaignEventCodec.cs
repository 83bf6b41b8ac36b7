using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Campaigns.Messages;

/// <summary>
/// Events as JSON for the store. Names are stable, unknown fields are ignored, enumerations are written as words.
/// </summary>
public static class CampaignEventCodec
{
    /// <summary>Writes an event.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <returns>One JSON object, whose member <c>event</c> is the event's name.</returns>
    public static string Write(CampaignEvent campaignEvent)
        => JsonSerializer.Serialize(campaignEvent, CampaignJson.Default.CampaignEvent);

    /// <summary>Writes an event to where the caller wants it: the plan of a large campaign is megabytes.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <param name="output">Receives the result of <see cref="Write(CampaignEvent)"/> in UTF-8.</param>
    public static void Write(CampaignEvent campaignEvent, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        JsonSerializer.Serialize(json, campaignEvent, CampaignJson.Default.CampaignEvent);
    }

    /// <summary>Reads an event.</summary>
    /// <param name="json">The result of <see cref="Write(CampaignEvent)"/>, from this version or an earlier one.</param>
    /// <returns>The event.</returns>
    /// <exception cref="JsonException">The text is not an event, or is an event of a later version.</exception>
    public static CampaignEvent Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CampaignJson.Default.CampaignEvent) ?? throw new JsonException("The text is null, not an event.");
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            // The serializer's own exceptions: for the discriminator, and from constructors that reject a value.
            throw new JsonException($"The text is not an event: {exception.Message}", exception);
        }
    }

    /// <summary>Returns an event's stored name, for example <c>item-starting</c>.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <returns>The name.</returns>
    public static string NameOf(CampaignEvent campaignEvent)
    {
        ArgumentNullException.ThrowIfNull(campaignEvent);
        return Names[campaignEvent.GetType()];
    }

    /// <summary>Returns the stored name of an event type.</summary>
    /// <typeparam name="TEvent">The event type.</typeparam>
    /// <returns>The name.</returns>
    public static string NameOf<TEvent>()
        where TEvent : CampaignEvent
        => Names[typeof(TEvent)];

    private static Dictionary<Type, string> Names { get; } = typeof(CampaignEvent)
        .GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
        .Cast<JsonDerivedTypeAttribute>()
        .ToDictionary(attribute => attribute.DerivedType, attribute => (string)attribute.TypeDiscriminator!);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(CampaignEvent))]
internal sealed partial class CampaignJson : JsonSerializerContext;
