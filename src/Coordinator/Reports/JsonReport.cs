using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Coordinator.Reports;

/// <summary>One JSON object with the fields of <see cref="CampaignReport"/> in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CampaignReport))]
internal sealed partial class JsonReport : JsonSerializerContext
{
    public static Task WriteAsync(CampaignReport report, Stream output, CancellationToken cancellationToken)
        => JsonSerializer.SerializeAsync(output, report, Default.CampaignReport, cancellationToken);
}

/// <summary>The end of the campaign's audit chain at the time of the report. Kept elsewhere, it proves later whether the chain was cut or edited.</summary>
/// <param name="Records">The number of records in the chain.</param>
/// <param name="HeadHash">The SHA-256 of the newest record, hexadecimal; empty when there is none.</param>
/// <param name="Intact">Whether every record follows from the previous one.</param>
/// <param name="FirstBroken">The sequence of the first record that does not; null when all do.</param>
internal sealed record AuditSeal(long Records, string HeadHash, bool Intact, long? FirstBroken);
