using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Server;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.V1;
using HostAgent.Transport;
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

    public CallLedger Ledger => _application.Services.GetRequiredService<CallLedger>();

    public static async Task<ConformanceServer> StartAsync(ChannelSecurity security, ConformancePki pki)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, security, pki));
        builder.Services.AddSingleton<CallLedger>().AddSingleton<EchoTestService>();
        if (security == ChannelSecurity.MutualTls)
        {
            builder.Services.AddSecuredGrpc(AllowEverything);
        }
        else
        {
            builder.Services.AddGrpc();
        }

        builder.Services.Configure<GrpcServiceOptions>(Compress);
        var application = builder.Build();
        application.Use(Observe);
        application.MapGrpcService<EchoTestService>();
        await application.StartAsync();
        return new ConformanceServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

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

    private static void AllowEverything(RolePolicy policy)
    {
        foreach (var method in TestService.Descriptor.Methods)
        {
            policy.Allow(TestService.Descriptor, method.Name, PeerRole.Coordinator);
        }
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
