using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>Who gets a connection and who does not, and what each side is told. Real sockets, real TLS.</summary>
public sealed class HandshakeTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly Pki _other = new("Other authority");

    [Fact]
    public async Task Call_between_peers_of_one_authority_succeeds()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var client = server.Client(_pki.Identity(PeerRole.Coordinator, "main"));

        (await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Client_without_certificate_does_not_get_past_the_handshake()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } };
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { HttpHandler = handler });

        var failure = await new Failback.FailbackClient(channel).FailGetHostAsync();

        failure.StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal);
        server.Log.Lines.ShouldContain(line => line.EventId == 4001 && line.Message.Contains("NO_CERTIFICATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_of_another_authority_is_refused_and_both_sides_are_told()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        var client = server.Client(_other.Identity(PeerRole.Coordinator, "main", trusting: _pki));

        var failure = await client.FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.OwnCertificateRefused, failure.ToString());
        MustName(failure, server.Address.GetLeftPart(UriPartial.Authority), "'CN=main, OU=coordinator'", "'CN=Other authority'");
        server.Log.Lines.ShouldContain(line => line.EventId == 4001 && line.Message.Contains("UNTRUSTED_AUTHORITY", StringComparison.Ordinal) && line.Message.Contains("'CN=Other authority'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_whose_certificate_has_expired_by_the_servers_clock_is_refused()
    {
        var clientClock = new FakeTimeProvider(Pki.Start);
        var identity = _pki.Identity(PeerRole.Coordinator, "main", clock: clientClock);
        _pki.Clock.Advance(TimeSpan.FromDays(2));
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        _pki.Clock.GetUtcNow().ShouldBeGreaterThan(Pki.Start.AddDays(1));

        var failure = await server.Client(identity).FailureOfGetHostAsync();

        // The client, too, finds the server's fresh certificate not valid yet: its own clock is two days behind.
        failure.Reason.ShouldBe(ConnectionReason.CertificateNotYetValid);
        failure.Message.ShouldContain("by this machine's clock");

        // With its clock set right, it is the server that refuses.
        clientClock.Advance(TimeSpan.FromDays(2));
        failure = await server.Client(identity).FailureOfGetHostAsync();
        failure.Reason.ShouldBe(ConnectionReason.OwnCertificateRefused, failure.ToString());
        server.Log.Lines.ShouldContain(line => line.EventId == 4001 && line.Message.Contains("CERTIFICATE_EXPIRED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_whose_certificate_has_expired_is_refused()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        _pki.Clock.Advance(TimeSpan.FromDays(2));

        var failure = await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.CertificateExpired);
        MustName(failure, server.Address.GetLeftPart(UriPartial.Authority), "'CN=hv-01, OU=agent'", "2031-05-05 03:00:00Z");
    }

    [Fact]
    public async Task Server_of_another_authority_is_refused()
    {
        await using var server = await SecuredServer.StartAsync(_other.Identity(PeerRole.Agent, "hv-01"));

        var failure = await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
        MustName(failure, server.Address.GetLeftPart(UriPartial.Authority), "'CN=hv-01, OU=agent'", "'CN=Other authority'", "'CN=Test authority'");
        failure.Metadata["address"].ShouldBe(server.Address.GetLeftPart(UriPartial.Authority));
    }

    [Fact]
    public async Task Server_of_an_authority_of_the_same_name_with_another_key_is_refused()
    {
        using var impostor = new Pki();
        await using var server = await SecuredServer.StartAsync(impostor.Identity(PeerRole.Agent, "hv-01"));

        var failure = await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.UntrustedAuthority);
    }

    [Fact]
    public async Task Server_with_an_agents_certificate_cannot_act_as_coordinator()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));

        var failure = await server.Client(_pki.Identity(PeerRole.Operator, "ana"), PeerRole.Coordinator, expectedName: null).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.WrongRole);
        MustName(failure, server.Address.GetLeftPart(UriPartial.Authority), "failback://agent/hv-01", "coordinator");
    }

    [Fact]
    public async Task Server_of_another_name_is_refused()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-02"));

        var failure = await server.Client(_pki.Identity(PeerRole.Coordinator, "main"), expectedName: "hv-01").FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.WrongName);
        MustName(failure, server.Address.GetLeftPart(UriPartial.Authority), "failback://agent/hv-02", "'hv-01'");
    }

    [Fact]
    public async Task Server_name_is_compared_without_case()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "HV-01"));

        await server.Client(_pki.Identity(PeerRole.Coordinator, "main"), expectedName: "hv-01").GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Fact]
    public async Task Server_without_expected_name_must_stand_in_the_certificate_by_its_address()
    {
        using var issued = LoadedWithoutAddresses();
        await using var server = await SecuredServer.StartAsync(issued);
        var caller = _pki.Identity(PeerRole.Operator, "ana");

        var failure = await server.Client(caller, PeerRole.Coordinator, expectedName: null).FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.WrongName);
        // With a name expected, the address is only a way to get there.
        await server.Client(caller, PeerRole.Coordinator, expectedName: "main").GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Fact]
    public async Task Address_in_the_common_name_alone_does_not_stand_in_the_certificate()
    {
        // The authority takes the common name from the peer's name, which here is the address.
        using var named = MutualTlsIdentity.Load(_pki.Authority.Issue(PeerRole.Coordinator, "127.0.0.1", TimeSpan.FromDays(1)).WriteTo(_pki.PathOf("elsewhere")), _pki.Clock);
        named.Certificate.Subject.ShouldStartWith("CN=127.0.0.1");
        await using var server = await SecuredServer.StartAsync(named);

        var failure = await server.Client(_pki.Identity(PeerRole.Operator, "ana"), PeerRole.Coordinator, expectedName: null).FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.WrongName);
    }

    [Fact]
    public void Operator_cannot_listen()
    {
        var kestrel = new Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions();

        var error = Should.Throw<ArgumentException>(() => kestrel.ListenMutualTls(new IPEndPoint(IPAddress.Loopback, 0), _pki.Identity(PeerRole.Operator, "ana")));

        error.Message.ShouldStartWith("failback://operator/ana cannot listen");
    }

    [Fact]
    public async Task Nobody_at_the_address_is_named_in_one_sentence()
    {
        // A bound socket that does not listen keeps the port ours and refuses connections.
        using var occupied = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        occupied.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"https://{occupied.LocalEndPoint}");
        using var channel = MutualTlsChannel.Create(address, _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01");

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Domain.ShouldBe(RpcFailure.ConnectionDomain);
        failure.Reason.ShouldBe(ConnectionReason.ConnectionRefused);
        MustName(failure, $"listens at https://{occupied.LocalEndPoint}");
    }

    [Fact]
    public async Task Unknown_host_name_is_named()
    {
        using var channel = MutualTlsChannel.Create(new Uri("https://no-such-host.invalid:7443"), _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01");

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.NameNotResolved);
        MustName(failure, "https://no-such-host.invalid:7443");
    }

    [Fact]
    public async Task Listener_that_does_not_speak_tls_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerOnceAsync(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        using var channel = MutualTlsChannel.Create(new Uri($"https://{listener.LocalEndpoint}"), _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01");

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.HandshakeFailed);
        MustName(failure, $"https://{listener.LocalEndpoint}");
        await answering;
    }

    [Fact]
    public async Task Connection_that_breaks_in_the_middle_of_a_stream_is_named_as_lost()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, context) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await arrived.Task;
                context.GetHttpContext().Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        using var call = server.Client(_pki.Identity(PeerRole.Coordinator, "main")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        arrived.SetResult();

        var thrown = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var failure = RpcFailure.From(thrown, "hv-01 (https://hv-01:7443)");
        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.ConnectionLost);
        failure.Message.ShouldStartWith("the connection to hv-01 (https://hv-01:7443) was lost: ");
    }

    [Theory]
    [InlineData("http://127.0.0.1:7443")]
    [InlineData("https://127.0.0.1:7443/failback")]
    [InlineData("127.0.0.1")]
    public void Create_with_an_unfit_address_is_refused(string address)
    {
        var error = Should.Throw<ArgumentException>(() => MutualTlsChannel.Create(new Uri(address, UriKind.RelativeOrAbsolute), _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent));

        error.Message.ShouldStartWith($"peer address '{address}");
    }

    public void Dispose()
    {
        _pki.Dispose();
        _other.Dispose();
    }

    /// <summary>The reason is the contract; the sentence must name what it is about, in whatever words.</summary>
    private static void MustName(RpcFailure failure, params IReadOnlyList<string> things)
    {
        foreach (var thing in things)
        {
            failure.Message.ShouldContain(thing, Case.Sensitive);
        }
    }

    private MutualTlsIdentity LoadedWithoutAddresses() => MutualTlsIdentity.Load(
        _pki.Authority.Issue(PeerRole.Coordinator, "main", TimeSpan.FromDays(1)).WriteTo(_pki.PathOf("elsewhere")),
        _pki.Clock);

    private static async Task AnswerOnceAsync(TcpListener listener, byte[] answer)
    {
        using var connection = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await connection.SendAsync(answer, TestContext.Current.CancellationToken);
        connection.Shutdown(SocketShutdown.Send);
        var ignored = new byte[4096];
        while (await connection.ReceiveAsync(ignored, TestContext.Current.CancellationToken) > 0)
        {
        }
    }
}
