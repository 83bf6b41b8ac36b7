using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace HostAgent.Transport.Rest;

/// <summary>From path, query and body to the message of a method.</summary>
internal static class RestRequest
{
    /// <summary>The bytes before a message: whether it is compressed, and its length.</summary>
    public const int PrefixBytes = 5;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] AsText = [Timestamp.Descriptor.FullName, Duration.Descriptor.FullName];

    /// <summary>Reads the request, and frames it as gRPC does.</summary>
    /// <exception cref="RpcFailure">INVALID_ARGUMENT (MALFORMED_REQUEST) or RESOURCE_EXHAUSTED (MESSAGE_TOO_LARGE).</exception>
    public static async Task<byte[]> ReadAsync(RestRoute route, string pathValue, HttpRequest request, CancellationToken cancellationToken)
    {
        var json = route.HasBody ? await ReadBodyAsync(route, request, cancellationToken).ConfigureAwait(false) : QueryJson(route, request.Query);
        IMessage message;
        try
        {
            message = JsonParser.Default.Parse(json, route.Method.InputType);
        }
        // A text that the parser takes, but a date or a number that it cannot hold.
        catch (Exception exception) when (exception is InvalidProtocolBufferException or FormatException or OverflowException or ArgumentException)
        {
            throw Malformed($"the request is not a {route.Method.InputType.FullName} as JSON: {Short(exception.Message)}", exception);
        }

        if (route.PathField is { } field)
        {
            if (field.Accessor.GetValue(message) is string { Length: > 0 } other && other != pathValue)
            {
                throw Malformed($"{field.Name} is '{Short(other)}' in the body and '{Short(pathValue)}' in the path");
            }

            field.Accessor.SetValue(message, pathValue);
        }

        var framed = new byte[PrefixBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - PrefixBytes);
        message.WriteTo(framed.AsSpan(PrefixBytes));
        return framed;
    }

    private static async Task<string> ReadBodyAsync(RestRoute route, HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Query.Keys.FirstOrDefault() is { } parameter)
        {
            throw Malformed($"the query has '{Short(parameter)}', but the fields of {route.Method.InputType.FullName} belong in the body");
        }

        if (request.ContentLength > EdgeLimits.MaxMessageBytes)
        {
            throw TooLarge();
        }

        using var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await request.Body.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            body.Write(piece, 0, read);
            if (body.Length > EdgeLimits.MaxMessageBytes)
            {
                throw TooLarge();
            }
        }

        if (body.Length == 0)
        {
            return "{}";
        }

        // Anything else may come from a form of a foreign page, which sends a browser's certificate too.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(RestJson.Json, StringComparison.OrdinalIgnoreCase))
        {
            throw Malformed($"the content type is '{Short(request.ContentType ?? "")}'; it must be {RestJson.Json}");
        }

        try
        {
            return Strict.GetString(body.GetBuffer(), 0, (int)body.Length);
        }
        catch (DecoderFallbackException exception)
        {
            throw Malformed("the body is not UTF-8", exception);
        }
    }

    private static string QueryJson(RestRoute route, IQueryCollection query)
    {
        var json = new JsonObject();
        foreach (var (name, values) in query)
        {
            var (key, entry) = name.Split('.', 2) is [var map, var inner] ? (map, inner) : (name, null);
            if (route.Method.InputType.Fields.InDeclarationOrder().FirstOrDefault(field => field.Name == key || field.JsonName == key) is not { } field || field == route.PathField
                || field.IsMap != entry is not null)
            {
                throw Malformed($"the query has '{Short(name)}'; allowed are {Parameters(route)}");
            }

            if (field.IsMap)
            {
                var entries = json[field.Name] as JsonObject ?? [];
                json[field.Name] = entries;
                entries[entry!] = Value(field.MessageType.FindFieldByNumber(2), name, Single(name, values));
            }
            else if (field.IsRepeated)
            {
                json[field.Name] = new JsonArray([.. values.Select(value => Value(field, name, value ?? ""))]);
            }
            else
            {
                json[field.Name] = Value(field, name, Single(name, values));
            }
        }

        return json.ToJsonString();
    }

    private static string Single(string name, Microsoft.Extensions.Primitives.StringValues values)
        => values is [var value] ? value ?? "" : throw Malformed($"the query has '{Short(name)}' {values.Count} times; it takes one value");

    private static JsonValue Value(FieldDescriptor field, string name, string value) => field.FieldType switch
    {
        FieldType.Bool => value switch
        {
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ => throw Malformed($"the query has '{Short(name)}' with '{Short(value)}'; allowed are true and false"),
        },
        FieldType.Message when !AsText.Contains(field.MessageType.FullName, StringComparer.Ordinal) => throw Malformed($"'{Short(name)}' cannot be given in a query"),
        _ => JsonValue.Create(value),
    };

    private static string Parameters(RestRoute route)
    {
        var names = route.Method.InputType.Fields.InDeclarationOrder().Where(field => field != route.PathField).Select(field => field.IsMap ? $"{field.Name}.KEY" : field.Name).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    private static RpcFailure Malformed(string message, Exception? cause = null) => new(StatusCode.InvalidArgument, "MALFORMED_REQUEST", message, cause);

    private static RpcFailure TooLarge() => new(StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", $"the request is larger than the maximum of {EdgeLimits.MaxMessageBytes} bytes");
}
