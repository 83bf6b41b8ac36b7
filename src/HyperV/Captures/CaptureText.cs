using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Captures;

/// <summary>
/// The text of a capture: a JSON object in each line. A value stands beside its CIM type, because JSON has one kind of number; what CIM writes as
/// text (datetimes, references, integers of 64 bits) is text here too.
/// </summary>
public static class CaptureText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, CimType> Types = Enum.GetValues<CimType>().ToDictionary(CimValues.NameOf, StringComparer.Ordinal);

    /// <summary>Writes one line, without its end.</summary>
    public static string Write(CaptureRecord record)
    {
        JsonObject line = record switch
        {
            CaptureStart start => new()
            {
                ["capture"] = CaptureStart.Version,
                ["machine"] = start.Machine.ToString(),
                ["startedAt"] = start.StartedAt.ToString("O", CultureInfo.InvariantCulture),
                ["anonymized"] = start.IsAnonymized,
            },
            CapturedListing listing => new() { ["list"] = listing.ClassName, ["namespace"] = listing.Namespace, ["instances"] = Write(listing.Instances) },
            CapturedAssociation association => new()
            {
                ["associators"] = association.Association,
                ["namespace"] = association.Namespace,
                ["of"] = association.Source.ToString(),
                ["result"] = association.ResultClass,
                ["instances"] = Write(association.Instances),
            },
            CapturedRefusal refusal => new()
            {
                ["refused"] = refusal.ClassName,
                ["namespace"] = refusal.Namespace,
                ["error"] = $"0x{refusal.ErrorCode:X8}",
            },
            CapturedChange change => new()
            {
                ["change"] = change.Kind.ToString(),
                ["after"] = change.After.ToString("c", CultureInfo.InvariantCulture),
                ["instance"] = Write(change.Instance),
            },
            CapturedOutage outage => new()
            {
                ["outage"] = $"0x{outage.ErrorCode:X8}",
                ["after"] = outage.After.ToString("c", CultureInfo.InvariantCulture),
            },
            _ => throw new ArgumentException($"A capture has no {record?.GetType().Name}.", nameof(record)),
        };
        return line.ToJsonString(Plain);
    }

    /// <summary>Reads one line.</summary>
    /// <exception cref="FormatException">The line is not one of a capture, or of a later version.</exception>
    public static CaptureRecord Read(string text)
    {
        try
        {
            var line = JsonNode.Parse(text)!.AsObject();
            return line.First().Key switch
            {
                "capture" when (int)line["capture"]! > CaptureStart.Version => throw new FormatException($"The capture has version {line["capture"]}; versions up to {CaptureStart.Version} can be read."),
                "capture" => new CaptureStart(
                    Guid.Parse((string)line["machine"]!), DateTimeOffset.Parse((string)line["startedAt"]!, CultureInfo.InvariantCulture), (bool)line["anonymized"]!),
                "list" => new CapturedListing((string)line["namespace"]!, (string)line["list"]!, ReadAll(line["instances"]!)),
                "associators" => new CapturedAssociation(
                    (string)line["namespace"]!, CimObjectPath.Parse((string)line["of"]!), (string)line["associators"]!, (string)line["result"]!, ReadAll(line["instances"]!)),
                "refused" => new CapturedRefusal(
                    (string)line["namespace"]!, (string)line["refused"]!, ReadCode(line["error"]!)),
                "outage" => new CapturedOutage(ReadAfter(line), ReadCode(line["outage"]!)),
                "change" => new CapturedChange(
                    ReadAfter(line), Enum.Parse<CimInstanceEventKind>((string)line["change"]!), Read(line["instance"]!)),
                var other => throw new FormatException($"'{other}' is no line of a capture."),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or ArgumentException or KeyNotFoundException)
        {
            throw new FormatException($"The line is not one of a capture: {exception.Message}", exception);
        }
    }

    private static uint ReadCode(JsonNode code) => uint.Parse(((string)code!)[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static TimeSpan ReadAfter(JsonObject line) => TimeSpan.ParseExact((string)line["after"]!, "c", CultureInfo.InvariantCulture);

    private static JsonArray Write(IReadOnlyList<CimInstance> instances) => [.. instances.Select(instance => (JsonNode)Write(instance))];

    private static JsonObject Write(CimInstance instance)
    {
        var properties = new JsonObject();
        foreach (var (name, value) in instance.Properties)
        {
            properties[name] = value is null ? null : WriteTyped(value);
        }

        return new JsonObject { ["class"] = instance.ClassName, ["path"] = instance.Path?.ToString(), ["properties"] = properties };
    }

    private static JsonObject WriteTyped(object value)
    {
        var type = CimValues.TypeOf(value, out var isArray) ?? throw new ArgumentException($"CIM has no {value.GetType().Name}.", nameof(value));
        JsonNode? written = isArray ? new JsonArray([.. ((Array)value).Cast<object?>().Select(one => one is null ? null : WriteOne(one))]) : WriteOne(value);
        return new JsonObject { [CimValues.NameOf(type) + (isArray ? "[]" : string.Empty)] = written };
    }

    private static JsonNode? WriteOne(object value) => value switch
    {
        bool flag => flag,
        CimInstance instance => Write(instance),
        DateTimeOffset time => CimDateTime.Format(time),
        TimeSpan interval => CimDateTime.Format(interval),
        float number => number,
        double number => number,
        long or ulong or string or char or CimObjectPath => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    private static CimInstance[] ReadAll(JsonNode instances) => [.. instances.AsArray().Select(instance => Read(instance!))];

    private static CimInstance Read(JsonNode instance) => new(
        (string?)instance["path"] is { } path ? CimObjectPath.Parse(path) : null,
        (string)instance["class"]!,
        instance["properties"]!.AsObject().Select(property => KeyValuePair.Create(property.Key, property.Value is null ? null : ReadTyped(property.Value.AsObject()))));

    private static object? ReadTyped(JsonObject typed)
    {
        var (name, value) = typed.Single();
        var isArray = name.EndsWith("[]", StringComparison.Ordinal);
        var type = Types[isArray ? name[..^2] : name];
        if (!isArray)
        {
            return ReadOne(type, value!);
        }

        var items = value!.AsArray().Select(one => one is null ? null : ReadOne(type, one)).ToList();
        return CimValues.ToArray(type, items) ?? throw new FormatException($"The elements of a {name} do not have its type.");
    }

    private static object ReadOne(CimType type, JsonNode value) => type switch
    {
        CimType.Object => Read(value),
        CimType.Boolean => (bool)value,
        CimType.Real32 => (float)value,
        CimType.Real64 => (double)value,
        CimType.String => (string)value!,
        CimType.DateTime => CimDateTime.Parse((string)value!),
        CimType.Reference => CimObjectPath.Parse((string)value!),
        CimType.Char16 => ((string)value!)[0],
        CimType.SInt64 => long.Parse((string)value!, CultureInfo.InvariantCulture),
        CimType.UInt64 => ulong.Parse((string)value!, CultureInfo.InvariantCulture),
        _ => Convert.ChangeType((long)value, CimValues.ClrType(type), CultureInfo.InvariantCulture),
    };
}
