using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace HostAgent.WebConsole.Assets;

/// <summary>Everything that a browser loads beside the pages: it is in this assembly, so the console needs no file and no other server.</summary>
internal static class EmbeddedAssets
{
    private static readonly (string Path, string Resource, string ContentType)[] All =
    [
        ("/console.css", "console.css", "text/css; charset=utf-8"),
        ("/console.js", "console.js", "text/javascript; charset=utf-8"),
        ("/theme.js", "theme.js", "text/javascript; charset=utf-8"),
        ("/favicon.svg", "favicon.svg", "image/svg+xml"),
        ("/_framework/blazor.web.js", "blazor.web.js", "text/javascript; charset=utf-8"),
    ];

    /// <summary>Maps them all.</summary>
    public static void MapAssets(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (path, resource, contentType) in All)
        {
            var content = Read(resource);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(content))[..16]}\"");
            endpoints.MapGet(path, context =>
            {
                // Asked again each time, and answered without content while it is the same: an upgrade is seen at once.
                context.Response.Headers.CacheControl = "no-cache";
                return Results.Bytes(content, contentType, entityTag: tag).ExecuteAsync(context);
            });
        }
    }

    private static byte[] Read(string resource)
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is not in this assembly.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
