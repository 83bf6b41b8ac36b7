using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HostAgent.Documents;

/// <summary>
/// Describes a document as JSON Schema (2020-12) by running its reader on a document of which every place is absent and recording what the
/// reader asks for. What a reader decides by itself with <c>Reject</c> is beyond the schema.
/// </summary>
public static class DocumentSchema
{
    // It is read by people and printed by editors, never put into a web page.
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Describes a document.</summary>
    /// <typeparam name="T">The type that the document describes.</typeparam>
    /// <param name="id">The schema's URI.</param>
    /// <param name="title">The schema's title.</param>
    /// <param name="description">What the document is, in a sentence or two.</param>
    /// <param name="read">The reader, as it is given to <see cref="DocumentReader"/>.</param>
    /// <returns>One indented JSON object with a line feed at its end.</returns>
    public static string Describe<T>(string id, string title, string description, Func<MappingReader, T?> read)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(read);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = id,
            ["title"] = title,
            ["description"] = description,
        };
        var definitions = new JsonObject();
        Field.Describing(new PlaceSchema(schema, definitions)).Mapping(read);
        if (definitions.Count > 0)
        {
            schema["$defs"] = definitions;
        }

        return schema.ToJsonString(Options) + "\n";
    }
}

/// <summary>What a reader has declared of one place: the keywords of its schema.</summary>
internal sealed class PlaceSchema(JsonObject keywords, JsonObject definitions)
{
    private static readonly string[] TextTypes = ["string", "number", "boolean"];

    public void Describe(string description) => keywords["description"] = description;

    /// <summary>Adds a bound that no keyword can express to the description.</summary>
    public void DescribeBound(string bound)
        => keywords["description"] = keywords["description"] is { } description ? $"{((string)description!).TrimEnd('.')}; {bound}." : char.ToUpperInvariant(bound[0]) + bound[1..] + ".";

    public void Set(string keyword, JsonNode? value) => keywords[keyword] = value;

    public void SetDefault(object value) => keywords["default"] = ToJson(value);

    /// <summary>Declares one of a few texts.</summary>
    public void SetChoice(IEnumerable<string> choices) => keywords["enum"] = ToJson(choices);

    /// <summary>Declares a text. A number or a boolean that stands in its place is read as a text too.</summary>
    public void SetText(int minimumLength, int maximumLength)
    {
        keywords["type"] = ToJson(TextTypes);
        if (minimumLength > 0)
        {
            keywords["minLength"] = minimumLength;
        }

        keywords["maxLength"] = maximumLength;
    }

    /// <summary>Declares a text of a form in which no number or boolean can be.</summary>
    public void SetFormat(string pattern)
    {
        keywords["type"] = "string";
        keywords["pattern"] = pattern;
    }

    public void SetRange(string type, double minimum, double maximum, bool aboveMinimum = false)
    {
        keywords["type"] = type;
        keywords[aboveMinimum ? "exclusiveMinimum" : "minimum"] = ToJson(minimum);
        keywords["maximum"] = ToJson(maximum);
    }

    /// <summary>A further way to fill the place; exactly one of them must hold.</summary>
    public PlaceSchema Alternative()
    {
        if (keywords["oneOf"] is not JsonArray alternatives)
        {
            keywords["oneOf"] = alternatives = [];
        }

        var alternative = new JsonObject();
        alternatives.Add(alternative);
        return new PlaceSchema(alternative, definitions);
    }

    /// <summary>Declares a mapping without any keys yet.</summary>
    public MappingSchema Mapping()
    {
        keywords["type"] = "object";
        return new MappingSchema(this, keywords, definitions);
    }

    /// <summary>Declares a list.</summary>
    /// <returns>Its elements.</returns>
    public PlaceSchema List(int minimum, int maximum)
    {
        keywords["type"] = "array";
        if (minimum > 0)
        {
            keywords["minItems"] = minimum;
        }

        keywords["maxItems"] = maximum;
        var items = new JsonObject();
        keywords["items"] = items;
        return new PlaceSchema(items, definitions);
    }

    /// <summary>Refers to a definition that several places share.</summary>
    /// <returns>The definition, to be declared; null when it has been already.</returns>
    public PlaceSchema? Refer(string name)
    {
        keywords["$ref"] = "#/$defs/" + name;
        if (definitions.ContainsKey(name))
        {
            return null;
        }

        var definition = new JsonObject();
        definitions[name] = definition;
        return new PlaceSchema(definition, definitions);
    }

    /// <summary>A value as a document has it: durations and amounts are texts, whole numbers have no decimal point.</summary>
    public static JsonNode? ToJson(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool boolean => JsonValue.Create(boolean),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number when number.Equals(Math.Floor(number)) && Math.Abs(number) < long.MaxValue => JsonValue.Create((long)number),
        double number => JsonValue.Create(number),
        TimeSpan duration => JsonValue.Create(DurationText.Write(duration)),
        Amount amount => amount.IsPercentage ? JsonValue.Create(amount.ToString()) : JsonValue.Create(amount.Number),
        IReadOnlyDictionary<string, object> mapping => new JsonObject(mapping.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object>().Select(ToJson)]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}

/// <summary>What a reader has declared of one mapping.</summary>
internal sealed class MappingSchema(PlaceSchema place, JsonObject keywords, JsonObject definitions)
{
    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    public PlaceSchema Place { get; } = place;

    /// <summary>A key. A reader may ask for it more than once.</summary>
    public PlaceSchema Key(string key)
    {
        if (_properties[key] is not JsonObject property)
        {
            _properties[key] = property = [];
        }

        return new PlaceSchema(property, definitions);
    }

    public void Require(string key) => _required.Add((JsonNode)key);

    public void RequireAny(IEnumerable<string> keys) => keywords["anyOf"] = new JsonArray([.. keys.Select(Requiring)]);

    public void RefuseTogether(IEnumerable<string> keys) => keywords["not"] = new JsonObject { ["required"] = PlaceSchema.ToJson(keys) };

    /// <summary>Writes the keys down, and that there are no others.</summary>
    public void Close()
    {
        keywords["properties"] = _properties;
        if (_required.Count > 0)
        {
            keywords["required"] = _required;
        }

        keywords["additionalProperties"] = false;
    }

    private static JsonObject Requiring(string key) => new() { ["required"] = new JsonArray(key) };
}
