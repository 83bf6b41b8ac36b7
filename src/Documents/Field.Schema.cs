using System.Text.Json.Nodes;

namespace HostAgent.Documents;

/// <content>What a place says of itself in the schema of its document.</content>
public sealed partial class Field
{
    /// <summary>Says in the document's schema what the place means.</summary>
    /// <param name="description">A sentence or two. Bounds that no schema can express and defaults are added to it.</param>
    /// <returns>The same place.</returns>
    public Field Described(string description)
    {
        _schema?.Describe(description);
        return this;
    }

    /// <summary>Says in the document's schema what an absent value means, where the method that reads it takes no fallback.</summary>
    /// <param name="value">A text, number, boolean, duration, list or mapping.</param>
    /// <returns>The same place.</returns>
    public Field ByDefault(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _schema?.SetDefault(value);
        return this;
    }

    /// <summary>A place of a schema: absent, in a document of which every place is.</summary>
    internal static Field Describing(PlaceSchema schema)
        => new(string.Empty, null, Nowhere, new DocumentErrorList(0, new ReadingBudget(TimeSpan.MaxValue, CancellationToken.None)), schema);

    private void Describe<T>(Func<MappingReader, T?> read, string? definition)
        where T : class
    {
        if ((definition is null ? _schema : _schema?.Refer(definition)) is { } declared)
        {
            var schema = declared.Mapping();
            read(new MappingReader(Nowhere, _errors, schema));
            schema.Close();
        }
    }

    private static void DescribeKinds<T>(PlaceSchema schema, string key, IReadOnlyDictionary<string, Func<MappingReader, T>> kinds, string definition)
        where T : class
    {
        foreach (var (kind, read) in kinds)
        {
            Describing(schema.Alternative()).Mapping(
                mapping =>
                {
                    mapping.Required(key, kind).Choice(kind);
                    return read(mapping);
                },
                $"{definition}.{kind}");
        }
    }

    private void DescribeTextMap()
    {
        if (_schema?.Refer("labels") is not { } map)
        {
            return;
        }

        map.Set("type", "object");
        map.Set("maxProperties", DocumentLimits.Labels);
        map.Set("propertyNames", new JsonObject { ["minLength"] = 1, ["maxLength"] = LabelLength, ["pattern"] = NamePattern });
        map.Set("additionalProperties", new JsonObject
        {
            ["type"] = new JsonArray("string", "number", "boolean", "null"),
            ["maxLength"] = LabelLength,
            ["pattern"] = EmptyOrNamePattern,
        });
    }
}
