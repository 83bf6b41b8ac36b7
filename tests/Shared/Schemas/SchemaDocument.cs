using System.Globalization;
using System.Text.Json.Nodes;

namespace HostAgent.Tests.Shared;

/// <summary>A document that has every key once, beside its schema: where a test finds every place and values on both sides of its bounds.</summary>
/// <param name="schema">The schema.</param>
/// <param name="whole">The document, as JSON.</param>
internal sealed class SchemaDocument(JsonObject schema, string whole)
{
    public SchemaValidator Validator { get; } = new(schema);

    public JsonNode Whole => JsonNode.Parse(whole)!;

    /// <summary>Every place of the document with its part of the schema.</summary>
    public List<(IReadOnlyList<object> Path, JsonObject Schema)> Places()
    {
        var places = new List<(IReadOnlyList<object> Path, JsonObject Schema)>();
        Walk([], schema, Whole);
        return places;

        void Walk(IReadOnlyList<object> path, JsonObject unresolved, JsonNode value)
        {
            var rules = Validator.Resolve(unresolved);
            if (unresolved["default"] is { } otherwise && rules["default"] is null)
            {
                rules = rules.DeepClone().AsObject();
                rules["default"] = otherwise.DeepClone();
            }

            if (value is JsonObject && rules["oneOf"] is JsonArray ways)
            {
                rules = ways.Select(way => Validator.Resolve(way!.AsObject())).First(way => way["properties"] is not null && Validator.IsValid(way, value));
            }

            places.Add((path, rules));
            switch (value)
            {
                case JsonObject mapping when rules["properties"] is { } properties:
                    foreach (var (key, child) in mapping)
                    {
                        Walk([.. path, key], properties[key]?.AsObject() ?? throw new InvalidOperationException($"The schema does not have {Name(path)}.{key}."), child!);
                    }

                    break;
                case JsonArray array:
                    for (var index = 0; index < array.Count; index++)
                    {
                        Walk([.. path, index], rules["items"]!.AsObject(), array[index]!);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Values on both sides of everything that the schema says of a place, and some that are allowed nowhere.</summary>
    public IEnumerable<JsonNode?> Edges(JsonObject place)
    {
        foreach (var part in new[] { place }.Concat((place["oneOf"] as JsonArray ?? []).Select(way => Validator.Resolve(way!.AsObject()))))
        {
            foreach (var bound in new[] { "minimum", "maximum", "exclusiveMinimum" }.Where(bound => part[bound] is not null).Select(bound => (double)part[bound]!))
            {
                yield return Number(bound - 1);
                yield return Number(bound);
                yield return Number(bound + 1);
            }

            foreach (var length in new[] { "minLength", "maxLength" }.Where(bound => part[bound] is not null).Select(bound => (int)part[bound]!))
            {
                yield return new string('x', Math.Max(0, length - 1));
                yield return new string('x', length);
                yield return new string('x', length + 1);
                yield return new string('X', length);
            }

            foreach (var one in part["enum"] as JsonArray ?? [])
            {
                yield return one!.DeepClone();
            }
        }

        foreach (var text in new[] { "nonsense and more", "0%", "1%", "100%", "101%", "5%%", "30s", "1h30m", "30m1h", "10", "m", "22:00", "24:00", "Sat 22:00", "Sat  22:00", "sunday 06:00", "Foo 06:00", "2026-11-21T22:00:00Z", "2026-11-21T22:00", "a3f00000-0000-4000-8000-000000000001", "{a3f00000-0000-4000-8000-000000000001}", "a-b", "-a", "a-", "REPLICATION_LAG", "10.0.0.1", "fe80::1" })
        {
            // Where a number stands, the reader takes one in quotation marks too; the schema keeps to the plain form.
            if (text != "10" || place["pattern"] is not null)
            {
                yield return text;
            }
        }

        yield return new JsonArray(new JsonArray());
        yield return new JsonObject { ["nobodyKnowsThis"] = 1 };
    }

    /// <summary>Removes keys and sets values at edges, up to three times.</summary>
    public JsonNode Changed(Random random)
    {
        var document = Whole;
        var places = Places().Where(place => place.Path.Count > 0).ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(document, places[random.Next(places.Count)], random);
        }

        return document;
    }

    public static JsonNode? At(JsonNode document, IReadOnlyList<object> path)
        => path.Aggregate((JsonNode?)document, (node, step) => step is int index ? node![index] : node![(string)step]);

    public static void Set(JsonNode document, IReadOnlyList<object> path, JsonNode? value)
    {
        var parent = At(document, path.SkipLast(1).ToList())!;
        if (path[^1] is int index)
        {
            parent[index] = value;
        }
        else
        {
            parent[(string)path[^1]] = value;
        }
    }

    /// <summary>The path as the errors of the reader write it.</summary>
    public static string Name(IReadOnlyList<object> path)
        => string.Concat(path.Select((step, position) => step is int index ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : (position == 0 ? "" : ".") + step));

    /// <summary>A place that an earlier change has removed stays as it is.</summary>
    private void Change(JsonNode document, (IReadOnlyList<object> Path, JsonObject Schema) place, Random random)
    {
        JsonNode? parent = document;
        foreach (var step in place.Path.SkipLast(1))
        {
            parent = step is int index ? parent is JsonArray array && index < array.Count ? array[index] : null : (parent as JsonObject)?[(string)step];
        }

        switch (parent, place.Path[^1])
        {
            case (JsonObject mapping, string key) when mapping.ContainsKey(key):
                if (random.Next(3) == 0)
                {
                    mapping.Remove(key);
                    break;
                }

                mapping[key] = Edge();
                break;
            case (JsonArray array, int index) when index < array.Count:
                array[index] = Edge();
                break;
            default:
                break;
        }

        JsonNode? Edge()
        {
            var edges = Edges(place.Schema).ToList();
            return edges[random.Next(edges.Count)]?.DeepClone();
        }
    }

    private static JsonNode Number(double value) => value.Equals(Math.Floor(value)) ? JsonValue.Create((long)value) : JsonValue.Create(value);
}
