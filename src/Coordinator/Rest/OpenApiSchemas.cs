using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using HostAgent.Contracts.Reference;
using Microsoft.OpenApi;

namespace HostAgent.Coordinator.Rest;

/// <summary>Messages and enums as schemas of their JSON, by their full names; each once, with all that it refers to.</summary>
internal sealed class OpenApiSchemas(OpenApiDocument document, ProtoComments comments)
{
    private readonly Dictionary<string, IOpenApiSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>The schemas so far.</summary>
    public IDictionary<string, IOpenApiSchema> Components => _schemas;

    /// <summary>The schema of one field's value.</summary>
    public IOpenApiSchema Of(FieldDescriptor field)
    {
        var description = comments.Of(field);
        if (field.IsMap)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = One(field.MessageType.FindFieldByNumber(2), ""), Description = description };
        }

        return field.IsRepeated
            ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = One(field, ""), Description = description }
            : One(field, description);
    }

    /// <summary>The schema of a message.</summary>
    public IOpenApiSchema Of(MessageDescriptor message)
    {
        switch (message.FullName)
        {
            case "google.protobuf.Timestamp":
                return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
            case "google.protobuf.Duration":
                return new OpenApiSchema { Type = JsonSchemaType.String, Description = "Seconds with a decimal point where needed, and an s: 1.5s.", Pattern = @"^-?\d+(\.\d{1,9})?s$" };
            case "google.protobuf.Any":
                return new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["@type"] = new OpenApiSchema { Type = JsonSchemaType.String } } };
        }

        if (!_schemas.ContainsKey(message.FullName))
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = comments.Of(message), Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) };
            // Before its fields: a message may contain its own kind.
            _schemas[message.FullName] = schema;
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                schema.Properties[field.Name] = Of(field);
            }
        }

        return new OpenApiSchemaReference(message.FullName, document);
    }

    private IOpenApiSchema One(FieldDescriptor field, string description) => field.FieldType switch
    {
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = description },
        FieldType.Float or FieldType.Double => new OpenApiSchema { Type = JsonSchemaType.Number, Description = description },
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = description },
        FieldType.UInt32 or FieldType.Fixed32 => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = description },
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => new OpenApiSchema { Type = JsonSchemaType.String, Format = "int64", Description = description },
        FieldType.UInt64 or FieldType.Fixed64 => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uint64", Description = description },
        FieldType.Bytes => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte", Description = description },
        FieldType.Enum => Of(field.EnumType),
        FieldType.Message or FieldType.Group => Described(Of(field.MessageType), description),
        _ => new OpenApiSchema { Type = JsonSchemaType.String, Description = description },
    };

    // A reference says what the message is; only what stands here in full has room for what the field is.
    private static IOpenApiSchema Described(IOpenApiSchema schema, string description)
    {
        if (schema is OpenApiSchema inline && description.Length > 0)
        {
            inline.Description = string.IsNullOrEmpty(inline.Description) ? description : $"{description}\n{inline.Description}";
        }

        return schema;
    }

    private OpenApiSchemaReference Of(EnumDescriptor type)
    {
        if (!_schemas.ContainsKey(type.FullName))
        {
            var values = type.Values.Select(value => $"{value.Name}: {comments.Of(value)}");
            _schemas[type.FullName] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. type.Values.Select(value => (JsonNode)JsonValue.Create(value.Name))],
                Description = string.Join('\n', values.Prepend(comments.Of(type))),
            };
        }

        return new OpenApiSchemaReference(type.FullName, document);
    }
}
