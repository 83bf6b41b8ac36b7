using System.Text.Json;
using Google.Protobuf;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Commands.Audit;

/// <summary>
/// The file of an export: a line of JSON that names the campaign, a line for each record as protobuf JSON, and a closing line with the
/// number of records and the hash of the last. A file without the closing line counts as truncated.
/// </summary>
internal static class AuditFile
{
    private const string Format = "failback-audit/v1";

    // With duplicate keys a reader could see another record than the one that was hashed.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // A record is bounded; the request or event within it has at most 64 Ki characters, escaped again.
    private const int LongestLine = 1024 * 1024;

    public static string Opening(string campaign) => JsonSerializer.Serialize(new { format = Format, campaign });

    public static string Line(AuditRecord record) => ProtobufJson.Format(record);

    public static string Closing(long records, string head) => JsonSerializer.Serialize(new { records, head });

    /// <summary>Reads the campaign's name out of the first line.</summary>
    /// <exception cref="CommandException">The file is not an export.</exception>
    public static string ReadOpening(string path, string? line)
        => Text(line, "format") == Format && Text(line, "campaign") is { Length: > 0 } campaign
            ? campaign
            : throw new CommandException(ExitCode.Invalid, $"{path}: not an audit export; the first line must be {Opening("campaigns/NAME")}.");

    /// <summary>Reads the last line; null when the line is another one.</summary>
    public static (long Records, string Head)? ReadClosing(string line)
    {
        if (Text(line, "head") is not { } head)
        {
            return null;
        }

        using var json = JsonDocument.Parse(line, Strict);
        return json.RootElement.TryGetProperty("records", out var records) && records.TryGetInt64(out var count) ? (count, head) : null;
    }

    /// <summary>
    /// Reads a record; null when the line is not one. Blanks, escapes and the order of keys may have changed on the way; every key and value
    /// must be as an export writes it, or the line could show its reader something else than the record.
    /// </summary>
    public static AuditRecord? ReadRecord(string line)
    {
        if (line.Length > LongestLine)
        {
            return null;
        }

        try
        {
            using var read = JsonDocument.Parse(line, Strict);
            var record = AuditRecord.Parser.ParseJson(line);
            using var written = JsonDocument.Parse(Line(record));
            return JsonElement.DeepEquals(read.RootElement, written.RootElement) ? record : null;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException or JsonException)
        {
            // A line that is not a record breaks the chain; the caller says where.
            return null;
        }
    }

    private static string? Text(string? line, string property)
    {
        if (line is null || line.Length > LongestLine)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(property, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
