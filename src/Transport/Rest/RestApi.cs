using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Transport.Rest;

/// <summary>The methods that a server also answers as REST with JSON.</summary>
/// <param name="services">The services; methods without a <c>google.api.http</c> option stay gRPC only.</param>
/// <exception cref="NotSupportedException">An option cannot be served.</exception>
public sealed class RestApi(IEnumerable<Google.Protobuf.Reflection.ServiceDescriptor> services)
{
    /// <summary>The path below which every method is.</summary>
    public const string Root = "/v1/";

    /// <summary>The methods by verb and path.</summary>
    public IReadOnlyList<RestRoute> Routes { get; } = RestRoute.Of(services);
}

/// <summary>A fixed answer beside the methods, such as their description.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Json">The answer, made when it is first read.</param>
/// <param name="Roles">Who may read it.</param>
public sealed record RestDocument(string Path, Lazy<ReadOnlyMemory<byte>> Json, IReadOnlyList<PeerRole> Roles);

/// <summary>Adds REST to a server of gRPC.</summary>
public static class RestExtensions
{
    /// <summary>
    /// Answers the methods' HTTP paths with JSON, on the same address and under the same rules as gRPC. The documents are answered too.
    /// </summary>
    /// <param name="services">The application's services, with <c>AddSecuredGrpc</c>.</param>
    /// <param name="api">The methods.</param>
    /// <param name="documents">What else is answered.</param>
    public static void AddRest(this IServiceCollection services, RestApi api, params RestDocument[] documents)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(api);
        ArgumentNullException.ThrowIfNull(documents);
        services.AddSingleton<IStartupFilter>(new RestFilter(api, documents));
    }
}

/// <summary>Stands before everything else of the server, so that a call that it makes passes all of it.</summary>
internal sealed class RestFilter(RestApi api, IReadOnlyList<RestDocument> documents) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use(following => context => AnswerAsync(context, following));
        next(application);
    };

    private Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        // Not the decoded path: in that, a slash of a name could not be told from one between names.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? target[..query] : target;
        if (documents.FirstOrDefault(document => document.Path == path) is { } found && HttpMethods.IsGet(context.Request.Method))
        {
            return WriteAsync(context, found);
        }

        if (!path.StartsWith(RestApi.Root, StringComparison.Ordinal))
        {
            return next(context);
        }

        // A browser sends a person's certificate with whatever a page of anybody makes it send, and then names that page. No page is a caller of this address.
        if (context.Request.Headers.Origin.Count > 0)
        {
            return RestJson.WriteAsync(context, new RpcFailure(StatusCode.PermissionDenied, "CROSS_ORIGIN", "the request was made by a page in a browser; this address is for programs"));
        }

        foreach (var route in api.Routes)
        {
            if (route.HttpMethod == context.Request.Method && route.Matches(path, out var value))
            {
                return new RestCall(route, value, context).RunAsync(next);
            }
        }

        return RestJson.WriteAsync(context, new RpcFailure(StatusCode.Unimplemented, "METHOD_UNKNOWN", "this server has no such path with this verb"));
    }

    private static Task WriteAsync(HttpContext context, RestDocument document)
    {
        var peer = context.GetPeer();
        if (!document.Roles.Contains(peer.Role))
        {
            return RestJson.WriteAsync(context, new RpcFailure(
                StatusCode.PermissionDenied,
                "ROLE_NOT_ALLOWED",
                $"{peer.Uri} may not read {document.Path}: its role is {peer.Role.ToName()}, allowed are {string.Join(", ", document.Roles.Select(role => role.ToName()))}"));
        }

        context.Response.ContentType = RestJson.Json;
        context.Response.ContentLength = document.Json.Value.Length;
        return context.Response.Body.WriteAsync(document.Json.Value, context.RequestAborted).AsTask();
    }
}
