using System.Text;
using HostAgent.Contracts.Reference;
using HostAgent.Transport.Rest;
using Microsoft.OpenApi;

namespace HostAgent.Coordinator.Rest;

/// <summary>The REST API as an OpenAPI document, made from the contracts: their routes, messages and comments.</summary>
internal static class OpenApiDescription
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    private const string Json = "application/json";

    /// <summary>Writes the document.</summary>
    public static byte[] Write(RestApi api)
    {
        var comments = new ProtoComments();
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Failback coordinator",
                Version = "v1",
                Description = "The services of hyperv.campaigns.v1 as REST with JSON, over HTTP/2 with a client certificate. Field names are those of the contracts; requests may also use lowerCamelCase.",
            },
            Paths = [],
            Components = new OpenApiComponents(),
        };
        var schemas = new OpenApiSchemas(document, comments);
        schemas.Of(Google.Rpc.Status.Descriptor);
        schemas.Of(Google.Rpc.ErrorInfo.Descriptor);
        schemas.Of(Google.Rpc.BadRequest.Descriptor);
        schemas.Of(Google.Rpc.PreconditionFailure.Descriptor);
        schemas.Of(Google.Rpc.RetryInfo.Descriptor);
        foreach (var path in api.Routes.GroupBy(PathOf))
        {
            var item = new OpenApiPathItem();
            foreach (var route in path)
            {
                item.AddOperation(HttpMethod.Parse(route.HttpMethod), Operation(route, comments, schemas, document));
            }

            document.Paths.Add(path.Key, item);
        }

        document.Components.Schemas = schemas.Components;
        using var text = new StringWriter(new StringBuilder(), System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV3(new OpenApiJsonWriter(text));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The path as OpenAPI has it: <c>/v1/{name=campaigns/*}:start</c> is <c>/v1/campaigns/{campaign}:start</c>.</summary>
    public static string PathOf(RestRoute route)
    {
        var segments = route.Segments.Select((segment, at) => segment == "*" ? $"{{{ParameterOf(route.Segments[at - 1])}}}" : segment);
        return string.Join('/', segments) + (route.Verb.Length == 0 ? "" : $":{route.Verb}");
    }

    // One of campaigns is a campaign.
    private static string ParameterOf(string collection) => collection[..^1];

    private static OpenApiOperation Operation(RestRoute route, ProtoComments comments, OpenApiSchemas schemas, OpenApiDocument document)
    {
        var operation = new OpenApiOperation
        {
            OperationId = $"{route.Method.Service.Name}_{route.Method.Name}",
            Description = comments.Of(route.Method),
            Tags = new HashSet<OpenApiTagReference> { new(route.Method.Service.Name, document) },
            Parameters = [.. PathParameters(route), .. QueryParameters(route, schemas)],
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse
                {
                    Description = route.Method.IsServerStreaming
                        ? "One message on each line, as it happens. A stream that fails after its first line ends with a line {\"error\": STATUS}."
                        : "The answer.",
                    Content = Content(route.Method.IsServerStreaming ? "application/x-ndjson" : Json, schemas.Of(route.Method.OutputType)),
                },
                ["default"] = new OpenApiResponse
                {
                    Description = "An error. Its details are google.rpc.ErrorInfo, and where they help BadRequest, PreconditionFailure and RetryInfo.",
                    Content = Content(Json, schemas.Of(Google.Rpc.Status.Descriptor)),
                },
            },
        };
        if (route.HasBody)
        {
            operation.RequestBody = new OpenApiRequestBody { Content = Content(Json, schemas.Of(route.Method.InputType)) };
        }

        return operation;
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(RestRoute route) => route.Segments
        .Select((segment, at) => (segment, at))
        .Where(part => part.segment == "*")
        .Select(part => new OpenApiParameter
        {
            Name = ParameterOf(route.Segments[part.at - 1]),
            In = ParameterLocation.Path,
            Required = true,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static IEnumerable<IOpenApiParameter> QueryParameters(RestRoute route, OpenApiSchemas schemas) => route.HasBody
        ? []
        : route.Method.InputType.Fields.InDeclarationOrder().Where(field => field != route.PathField).Select(field => new OpenApiParameter
        {
            // A map is KEY=VALUE under its own name: labels.ticket=DR-1042.
            Name = field.Name,
            In = ParameterLocation.Query,
            Description = field.IsMap ? $"As {field.Name}.KEY=VALUE, one parameter for each." : null,
            Schema = schemas.Of(field),
        });

    private static Dictionary<string, IOpenApiMediaType> Content(string type, IOpenApiSchema schema)
        => new(StringComparer.Ordinal) { [type] = new OpenApiMediaType { Schema = schema } };
}
