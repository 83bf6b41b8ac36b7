using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;

namespace HostAgent.Conformance.Security;

/// <summary>Opens our client's channels: the product's own under mutual TLS, otherwise one with the same settings.</summary>
internal static class ChannelFactory
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static GrpcChannel Open(ChannelSecurity security, ConformancePki pki, int port) => security switch
    {
        ChannelSecurity.MutualTls => PatientChannel.Create(new Uri($"https://127.0.0.1:{port}"), pki.Client, PeerRole.Agent, ConformancePki.ServerName),
        ChannelSecurity.Tls => Open($"https://127.0.0.1:{port}", new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(pki.Authority) }),
        _ => Open($"http://127.0.0.1:{port}", new SslClientAuthenticationOptions()),
    };

    private static GrpcChannel Open(string address, SslClientAuthenticationOptions ssl) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            SslOptions = ssl,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = KeepAlive,
            KeepAlivePingTimeout = KeepAlive,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        },
    });

    private static X509ChainPolicy Trusting(X509Certificate2 authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
