using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HostAgent.Tests.Shared;

/// <summary>
/// A validator for the part of JSON Schema 2020-12 that our schemas use. A keyword that it does not know fails the test that met it:
/// nothing of a schema is passed over.
/// </summary>
internal sealed class SchemaValidator(JsonObject root)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public bool IsValid(JsonNode? value) => IsValid(root, value);

    public bool IsValid(JsonObject schema, JsonNode? value) => schema.All(keyword => Holds(schema, keyword.Key, keyword.Value!, value));

    /// <summary>Follows references until there is none.</summary>
    public JsonObject Resolve(JsonObject schema)
    {
        while (schema["$ref"] is { } reference)
        {
            schema = root["$defs"]![((string)reference!)["#/$defs/".Length..]]!.AsObject();
        }

        return schema;
    }

    private bool Holds(JsonObject schema, string keyword, JsonNode argument, JsonNode? value) => keyword switch
    {
        "$schema" or "$id" or "$defs" or "title" or "description" or "default" => true,
        "$ref" => IsValid(Resolve(schema), value),
        "type" => argument is JsonArray types ? types.Any(type => IsOfType((string)type!, value)) : IsOfType((string)argument!, value),
        "const" => JsonNode.DeepEquals(argument, value),
        "enum" => argument.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
        "oneOf" => argument.AsArray().Count(one => IsValid(one!.AsObject(), value)) == 1,
        "anyOf" => argument.AsArray().Any(one => IsValid(one!.AsObject(), value)),
        "not" => !IsValid(argument.AsObject(), value),
        "minimum" => Number(value) is not { } number || number >= (double)argument,
        "maximum" => Number(value) is not { } number || number <= (double)argument,
        "exclusiveMinimum" => Number(value) is not { } number || number > (double)argument,
        "minLength" => Text(value) is not { } text || text.Length >= (int)argument,
        "maxLength" => Text(value) is not { } text || text.Length <= (int)argument,
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, (string)argument!, RegexOptions.ECMAScript, Patience),
        "maxItems" => value is not JsonArray list || list.Count <= (int)argument!,
        "minItems" => value is not JsonArray array || array.Count >= (int)argument,
        "uniqueItems" => value is not JsonArray list || list.Select((item, index) => (item, index)).All(one => !list.Take(one.index).Any(earlier => JsonNode.DeepEquals(earlier, one.item))),
        "items" => value is not JsonArray array || array.All(item => IsValid(argument.AsObject(), item)),
        "required" => value is not JsonObject mapping || argument.AsArray().All(key => mapping.ContainsKey((string)key!)),
        "properties" => value is not JsonObject mapping || mapping.All(entry => argument[entry.Key] is not { } property || IsValid(property.AsObject(), entry.Value)),
        "propertyNames" => value is not JsonObject mapping || mapping.All(entry => IsValid(argument.AsObject(), entry.Key)),
        "maxProperties" => value is not JsonObject mapping || mapping.Count <= (int)argument,
        "additionalProperties" => value is not JsonObject mapping || mapping.All(entry =>
            schema["properties"]?[entry.Key] is not null || (argument is JsonObject other && IsValid(other, entry.Value))),
        _ => throw new NotSupportedException($"The schema uses '{keyword}', which this validator does not know."),
    };

    private static bool IsOfType(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "null" => value is null,
        "string" => Text(value) is not null,
        "boolean" => value is JsonValue && value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && Math.Floor(number).Equals(number),
        _ => throw new NotSupportedException($"The schema uses the type '{type}', which this validator does not know."),
    };

    private static string? Text(JsonNode? value) => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonNode? value) => value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
        : null;
}
