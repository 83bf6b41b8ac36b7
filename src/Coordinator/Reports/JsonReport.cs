using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Coordinator.Reports;

/// <summary>One JSON object with the fields of <see cref="CampaignReport"/> in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CampaignReport))]
internal sealed partial class JsonReport : JsonSerializerContext
{
    /// <summary>Writes the report.</summary>
    public static Task WriteAsync(CampaignReport report, Stream output, CancellationToken cancellation) =>
        JsonSerializer.SerializeAsync(output, report, Default.CampaignReport, cancellation);
}
