using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Journal;

/// <summary>The stored form of events and evidence. Names and enum words are part of the file format: they may be added to, never changed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(OperationEvent))]
[JsonSerializable(typeof(IntentEvidence))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    public static string Write(OperationEvent value) => JsonSerializer.Serialize(value, Default.OperationEvent);

    public static string Write(IntentEvidence value) => JsonSerializer.Serialize(value, Default.IntentEvidence);

    /// <exception cref="JournalException">The text is not what was written.</exception>
    public static OperationEvent ReadEvent(string text) => Read(text, Default.OperationEvent);

    /// <exception cref="JournalException">The text is not what was written.</exception>
    public static IntentEvidence ReadIntent(string text) => Read(text, Default.IntentEvidence);

    private static T Read<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JournalException($"A {typeof(T).Name} in the journal is empty.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new JournalException($"A {typeof(T).Name} in the journal cannot be read: {exception.Message}", exception);
        }
    }
}
