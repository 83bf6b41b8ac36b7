using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>TLS 1.3, and 1.2 only where it was allowed and then with authenticated encryption only.</summary>
public sealed class TlsVersionTests : IDisposable
{
    private readonly Pki _pki = new();

    [Theory]
    [InlineData(false, SslProtocols.Tls13, true)]
    [InlineData(false, SslProtocols.Tls12, false)]
    [InlineData(true, SslProtocols.Tls13, true)]
    [InlineData(true, SslProtocols.Tls12, true)]
    public async Task Server_speaks_the_versions_that_are_allowed(bool allowTls12, SslProtocols version, bool isAccepted)
    {
        await using var server = await SecuredServer.StartAsync(Load(PeerRole.Agent, "hv-01", allowTls12));

        if (isAccepted)
        {
            (await HandshakeAsync(server.Address, version, suites: null)).ShouldBe(version);
        }
        else
        {
            await Should.ThrowAsync<AuthenticationException>(() => HandshakeAsync(server.Address, version, suites: null));
        }
    }

    [Fact]
    public async Task Tls_1_2_without_authenticated_encryption_is_refused()
    {
        await using var server = await SecuredServer.StartAsync(Load(PeerRole.Agent, "hv-01", allowTls12: true));

        await Should.ThrowAsync<AuthenticationException>(() => HandshakeAsync(server.Address, SslProtocols.Tls12, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384]));
        (await HandshakeAsync(server.Address, SslProtocols.Tls12, [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384])).ShouldBe(SslProtocols.Tls12);
    }

    [Fact]
    public async Task Channel_speaks_tls_1_2_only_where_it_is_allowed_and_says_so()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeTls12Async(listener);
        using var channel = MutualTlsChannel.Create(new Uri($"https://{listener.LocalEndpoint}"), Load(PeerRole.Coordinator, "main", allowTls12: false), PeerRole.Agent, "hv-01");

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.HandshakeFailed);
        failure.Message.ShouldBe($"no TLS connection to https://{listener.LocalEndpoint}: the two sides have no TLS version in common; TLS 1.2 needs AllowTls12 on both");
        await serving;
    }

    public void Dispose() => _pki.Dispose();

    private MutualTlsIdentity Load(PeerRole role, string name, bool allowTls12)
    {
        var files = _pki.Files(role, name);
        files.AllowTls12 = allowTls12;
        return MutualTlsIdentity.Load(files, _pki.Clock);
    }

    private async Task<SslProtocols> HandshakeAsync(Uri address, SslProtocols version, TlsCipherSuite[]? suites)
    {
        var identity = _pki.Identity(PeerRole.Operator, "maria");
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                CipherSuitesPolicy = suites is not null && OperatingSystem.IsLinux() ? new CipherSuitesPolicy(suites) : null,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                ClientCertificateContext = identity.Current.Context,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            TestContext.Current.CancellationToken);
        return tls.SslProtocol;
    }

    private async Task ServeTls12Async(TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(connection.GetStream());
        var refusal = await Record.ExceptionAsync(() => tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = _pki.Identity(PeerRole.Agent, "hv-01").Current.Context, EnabledSslProtocols = SslProtocols.Tls12 },
            TestContext.Current.CancellationToken));
        refusal.ShouldNotBeNull();
    }
}
