using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Server;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.V1;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Conformance.Server;

/// <summary>The test service on our server; under mutual TLS behind the product's own doors, authorisation and error mapping included.</summary>
internal sealed class ConformanceServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ConformanceServer(WebApplication application) => _application = application;

    public int Port => new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>What the echo service's callers did; empty for other services.</summary>
    public CallLedger Ledger => _application.Services.GetRequiredService<CallLedger>();

    /// <summary>Starts the echo service, with compression on and every call observed.</summary>
    public static Task<ConformanceServer> StartAsync(ChannelSecurity security, ConformancePki pki)
    {
        var ledger = new CallLedger();
        return StartAsync(security, pki, new EchoTestService(ledger), ledger);
    }

    /// <summary>Starts a service behind the product's own doors and nothing else.</summary>
    public static Task<ConformanceServer> StartAsync<TService>(ConformancePki pki, TService service)
        where TService : TestService.TestServiceBase => StartAsync(ChannelSecurity.MutualTls, pki, service, ledger: null);

    /// <summary>Stops as a service manager stops it: no new calls, and the running ones may end.</summary>
    public Task StopAsync() => _application.StopAsync();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task<ConformanceServer> StartAsync<TService>(ChannelSecurity security, ConformancePki pki, TService service, CallLedger? ledger)
        where TService : TestService.TestServiceBase
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, security, pki));
        builder.Services.AddSingleton(ledger ?? new CallLedger()).AddSingleton(service);
        if (security == ChannelSecurity.MutualTls)
        {
            builder.Services.AddSecuredGrpc();
        }
        else
        {
            builder.Services.AddGrpc();
        }

        if (ledger is not null)
        {
            builder.Services.Configure<GrpcServiceOptions>(Compress);
        }

        var application = builder.Build();
        if (ledger is not null)
        {
            application.Use(Observe);
        }

        var mapped = application.MapGrpcService<TService>();
        if (security == ChannelSecurity.MutualTls)
        {
            mapped.RequireAuthorization(new AuthorizeRolesAttribute(PeerRole.Coordinator));
        }

        await application.StartAsync();
        return new ConformanceServer(application);
    }

    private static void Listen(KestrelServerOptions kestrel, ChannelSecurity security, ConformancePki pki)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (security == ChannelSecurity.MutualTls)
        {
            kestrel.ListenMutualTls(endpoint, pki.Server);
            return;
        }

        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (security == ChannelSecurity.Tls)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(pki.ServerFiles.CertificatePath!, pki.ServerFiles.PrivateKeyPath));
            }
        });
    }

    private static void Compress(GrpcServiceOptions grpc)
    {
        var gzip = new CountingGzip();
        foreach (var provider in grpc.CompressionProviders.Where(provider => provider.EncodingName == gzip.EncodingName).ToArray())
        {
            grpc.CompressionProviders.Remove(provider);
        }

        grpc.CompressionProviders.Add(gzip);
        grpc.ResponseCompressionAlgorithm = gzip.EncodingName;
    }

    private static Task Observe(HttpContext context, RequestDelegate next)
    {
        var call = new CallObservation(context.Request.Path, context.Connection.Id);
        CallObservation.Current = call;
        if (context.Request.Headers[EchoHeaders.Case] is [{ } caseName])
        {
            context.RequestServices.GetRequiredService<CallLedger>().Add(caseName, call);
        }

        return next(context);
    }
}
