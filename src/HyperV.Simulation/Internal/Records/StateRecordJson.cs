using System.Text.Json.Serialization;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>How records stand in the state file.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StateRecord))]
internal sealed partial class StateRecordJson : JsonSerializerContext;
