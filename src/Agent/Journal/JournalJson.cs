using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Agent.Operations;

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

    public static OperationEvent ReadEvent(string text)
        => JsonSerializer.Deserialize(text, Default.OperationEvent)
            ?? throw new JournalException("An event in the journal is empty.");

    public static IntentEvidence ReadIntent(string text)
        => JsonSerializer.Deserialize(text, Default.IntentEvidence)
            ?? throw new JournalException("An intent in the journal is empty.");
}
