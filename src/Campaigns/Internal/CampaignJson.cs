using System.Text.Json.Serialization;
using HostAgent.Campaigns.Events;

namespace HostAgent.Campaigns.Internal;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(CampaignEvent))]
internal sealed partial class CampaignJson : JsonSerializerContext;
