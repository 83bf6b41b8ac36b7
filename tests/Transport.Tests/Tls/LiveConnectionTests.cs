using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>A connection that was right when it was opened does not outlive the right to it. Real sockets, streams that are open.</summary>
public sealed class LiveConnectionTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Stream_ends_with_its_callers_certificate_and_the_next_call_is_refused()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), Endless());
        using var caller = MutualTlsIdentity.Load(_pki.Files(PeerRole.Coordinator, "main", TimeSpan.FromMinutes(10)), _pki.Clock);
        var client = server.Client(caller);
        using var stream = await OpenAsync(client);

        _pki.Clock.Advance(TimeSpan.FromMinutes(11));
        server.ReviewConnections();

        var end = await EndOfAsync(stream);
        end.StatusCode.ShouldBe(StatusCode.Unavailable);
        end.Reason.ShouldBe(ConnectionReason.CertificateExpired);
        end.Message.ShouldStartWith("the certificate of failback://coordinator/main, by which this connection was opened, expired on ");
        (await client.FailureOfGetHostAsync()).Reason.ShouldBe(ConnectionReason.OwnCertificateRefused);
        server.Log.Lines.ShouldHaveSingleItemWith(4020).Message.ShouldStartWith("Ended the connection with failback://coordinator/main#serial=");
    }

    [Theory]
    [InlineData("uri")]
    [InlineData("serial")]
    [InlineData("spki")]
    public async Task Stream_of_a_peer_that_is_denied_ends_and_others_go_on(string kind)
    {
        File.WriteAllText(_pki.PathOf("denied.txt"), "# none yet\n");
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01", _pki.PathOf("denied.txt")), Endless());
        var (maria, olga) = (_pki.Identity(PeerRole.Operator, "maria"), _pki.Identity(PeerRole.Operator, "olga"));
        using var marias = await OpenAsync(server.Client(maria));
        using var olgas = await OpenAsync(server.Client(olga));

        File.AppendAllText(_pki.PathOf("denied.txt"), kind switch
        {
            "uri" => $"uri:{maria.Peer.Uri}",
            "serial" => $"serial:{maria.Certificate.SerialNumber}",
            _ => $"spki:{ProvenPeer.Fingerprint(maria.Certificate.PublicKey)}",
        });
        server.ReviewConnections();

        var end = await EndOfAsync(marias);
        (end.StatusCode, end.Reason).ShouldBe((StatusCode.Unavailable, ConnectionReason.CertificateDenied));
        (await server.Client(maria).FailureOfGetHostAsync()).Reason.ShouldBe(ConnectionReason.OwnCertificateRefused);
        server.Log.Lines.ShouldContain(line => line.EventId == 4001 && line.Message.Contains("CERTIFICATE_DENIED", StringComparison.Ordinal));
        await server.Client(olga).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        _left.SetResult();
        (await olgas.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Call_that_does_not_end_by_itself_is_cut_off()
    {
        File.WriteAllText(_pki.PathOf("denied.txt"), "");
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, _) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await _left.Task;
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01", _pki.PathOf("denied.txt")), service);
        using var stream = await OpenAsync(server.Client(_pki.Identity(PeerRole.Operator, "maria")));
        File.WriteAllText(_pki.PathOf("denied.txt"), "uri:failback://operator/maria\n");
        server.ReviewConnections();

        _pki.Clock.Advance(TimeSpan.FromSeconds(3));
        server.ReviewConnections();

        (await EndOfAsync(stream)).StatusCode.ShouldBe(StatusCode.Unavailable);
        _left.SetResult();
    }

    [Fact]
    public async Task Bad_deny_list_keeps_the_former_one()
    {
        File.WriteAllText(_pki.PathOf("denied.txt"), "uri:failback://operator/maria\n");
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01", _pki.PathOf("denied.txt")));
        server.ReviewConnections();

        File.WriteAllText(_pki.PathOf("denied.txt"), "maria\n");
        server.ReviewConnections();
        server.ReviewConnections();

        server.Log.Lines.ShouldHaveSingleItemWith(4018).Message.ShouldContain("line 1: 'maria' is not an entry");
        (await server.Client(_pki.Identity(PeerRole.Operator, "maria")).FailureOfGetHostAsync()).Reason.ShouldBe(ConnectionReason.OwnCertificateRefused);
    }

    [Fact]
    public async Task Old_connection_keeps_its_streams_for_a_while_and_new_calls_take_another_one()
    {
        var connections = new List<string>();
        var service = Endless();
        service.OnGetHost = context =>
        {
            connections.Add(context.Peer);
            return Task.FromResult(new Host { Name = "hv-01" });
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        var client = server.Client(_pki.Identity(PeerRole.Operator, "maria"));
        using var stream = await OpenAsync(client);
        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        _pki.Clock.Advance(TimeSpan.FromMinutes(70));
        server.ReviewConnections();
        await Eventually.TrueAsync(async () =>
        {
            await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
            return connections.Distinct(StringComparer.Ordinal).Count() == 2;
        });
        server.Log.Lines.ShouldNotContain(line => line.EventId == 4020);

        _pki.Clock.Advance(TimeSpan.FromMinutes(70));
        server.ReviewConnections();
        var end = await EndOfAsync(stream);
        (end.StatusCode, end.Reason, end.RetryDelay).ShouldBe((StatusCode.Unavailable, "CONNECTION_AGED", TimeSpan.Zero));
    }

    [Fact]
    public async Task Channel_closes_its_connection_to_a_server_that_is_denied()
    {
        File.WriteAllText(_pki.PathOf("denied.txt"), "");
        var coordinator = _pki.Identity(PeerRole.Coordinator, "main", _pki.PathOf("denied.txt"));
        await using var own = await SecuredServer.StartAsync(coordinator);
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), Endless());
        var client = server.Client(coordinator);
        using var stream = await OpenAsync(client);
        coordinator.Connections.Count.ShouldBe(1);

        File.WriteAllText(_pki.PathOf("denied.txt"), "uri:failback://agent/hv-01\n");
        own.ReviewConnections();
        _pki.Clock.Advance(TimeSpan.FromSeconds(3));
        own.ReviewConnections();

        (await EndOfAsync(stream)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await client.FailureOfGetHostAsync()).Reason.ShouldBe(ConnectionReason.CertificateDenied);
        coordinator.Connections.Count.ShouldBe(0);
    }

    public void Dispose() => _pki.Dispose();

    private ScriptedFailback Endless() => new()
    {
        OnInitiate = async (responses, context) =>
        {
            await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
            await _left.Task.WaitAsync(context.CancellationToken);
        },
    };

    private static async Task<AsyncServerStreamingCall<FailbackProgress>> OpenAsync(Failback.FailbackClient client)
    {
        var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return call;
    }

    private static async Task<RpcFailure> EndOfAsync(AsyncServerStreamingCall<FailbackProgress> call)
        => RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
}
