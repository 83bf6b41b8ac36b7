using System.Net;
using System.Text.Json;
using HostAgent.Conformance.Security;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>Our server; under mutual TLS behind the product's doors. It ends when its standard input does.</summary>
internal static class BenchmarkServer
{
    public static async Task RunAsync(PeerSettings settings, CancellationToken cancellation)
    {
        using var identity = settings.Security == ChannelSecurity.MutualTls ? MutualTlsIdentity.Load(settings.Files, TimeProvider.System) : null;
        await using var application = Create(identity);
        await application.StartAsync(cancellation);
        Console.Out.WriteLine(JsonSerializer.Serialize(new { port = new Uri(application.Urls.Single()).Port }));
        await Console.In.ReadToEndAsync(cancellation);
    }

    /// <param name="identity">The server's; null for plaintext.</param>
    public static WebApplication Create(MutualTlsIdentity? identity)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, identity));
        if (identity is not null)
        {
            builder.Services.AddSecuredGrpc();
        }
        else
        {
            builder.Services.AddGrpc();
        }

        var application = builder.Build();
        var service = application.MapGrpcService<EchoBenchmarkService>();
        if (identity is not null)
        {
            service.RequireAuthorization(new AuthorizeRolesAttribute(PeerRole.Coordinator));
        }

        return application;
    }

    private static void Listen(KestrelServerOptions kestrel, MutualTlsIdentity? identity)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (identity is null)
        {
            kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http2);
        }
        else
        {
            kestrel.ListenMutualTls(endpoint, identity);
        }
    }
}
