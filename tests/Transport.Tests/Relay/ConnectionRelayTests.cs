using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Relay;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.Relay;

/// <summary>Two servers of one name, of which one relays its connections to the other: to a peer they are one, and nobody gets in who could not get in directly.</summary>
public sealed class ConnectionRelayTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly ScriptedFailback _service = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task Service_sees_the_peer_its_own_address_and_who_has_relayed_it()
    {
        await using var server = await AtWorkAsync();
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address);
        (string Actor, string Source, string? Relaying)? seen = null;
        _service.OnGetHost = context =>
        {
            seen = (context.GetPeer().Actor, context.Peer, context.RelayedBy());
            return Task.FromResult(new Host());
        };

        await relaying.Client(_pki.Identity(PeerRole.Operator, "maria")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        seen.ShouldNotBeNull();
        seen.Value.Actor.ShouldStartWith("failback://operator/maria#serial=");
        seen.Value.Source.ShouldStartWith("ipv4:127.0.0.1:");
        seen.Value.Relaying.ShouldStartWith("127.0.0.1:");
        seen.Value.Source.ShouldNotBe($"ipv4:{seen.Value.Relaying}");

        await server.Client(_pki.Identity(PeerRole.Operator, "jose"), PeerRole.Coordinator, "dr").GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        seen.Value.Relaying.ShouldBeNull();
    }

    [Fact]
    public async Task Role_of_the_peer_decides_and_not_that_of_the_server_which_relays_it()
    {
        await using var server = await AtWorkAsync();
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address);
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () =>
        {
            using var call = relaying.Client(_pki.Identity(PeerRole.Viewer, "ana")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        }));
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
        failure.Metadata["role"].ShouldBe("viewer");
    }

    [Fact]
    public async Task Large_answers_many_calls_and_a_slow_reader_pass_through()
    {
        await using var server = await AtWorkAsync();
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address);
        _service.OnInitiate = async (stream, context) =>
        {
            for (var number = 0; number < 50; number++)
            {
                await stream.WriteAsync(new FailbackProgress { Explanation = new string('x', 100_000) }, context.CancellationToken);
            }
        };
        var client = relaying.Client(_pki.Identity(PeerRole.Operator, "maria"));
        var read = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
            var length = 0L;
            while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            {
                length += call.ResponseStream.Current.Explanation.Length;
            }

            return length;
        }));
        read.ShouldAllBe(length => length == 5_000_000);
    }

    [Fact]
    public async Task Call_that_its_caller_gives_up_ends_at_the_server()
    {
        await using var server = await AtWorkAsync();
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address);
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        _service.OnInitiate = async (_, context) =>
        {
            context.CancellationToken.Register(ended.SetResult);
            begun.SetResult();
            await ended.Task;
        };
        using var call = relaying.Client(_pki.Identity(PeerRole.Operator, "maria")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        await begun.Task;
        call.Dispose();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Connections_end_when_the_server_at_work_is_another_one_and_the_next_go_there()
    {
        var second = new ScriptedFailback { OnGetHost = _ => Task.FromResult(new Host { Name = "hosts/second" }) };
        await using var first = await AtWorkAsync();
        await using var other = await SecuredServer.StartAsync(Coordinator(), second, acceptsRelayed: true);
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), first.Address);
        var begun = new TaskCompletionSource();
        _service.OnInitiate = async (_, context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        };
        var client = relaying.Client(_pki.Identity(PeerRole.Operator, "maria"));
        using var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        await begun.Task;

        relaying.Relay.Point(other.Address);
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline)).Name.ShouldBe("hosts/second");
    }

    [Fact]
    public async Task Connection_waits_for_a_server_at_work_and_is_told_when_none_is_found()
    {
        await using var server = await AtWorkAsync();
        _service.OnGetHost = _ => Task.FromResult(new Host());
        await using var waiting = await RelayingServer.StartAsync(Coordinator(), server: null);
        var call = waiting.Client(_pki.Identity(PeerRole.Operator, "maria")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline).ResponseAsync;
        await Task.Yield();
        call.IsCompleted.ShouldBeFalse();
        waiting.Relay.Point(server.Address);
        await call;

        // Nothing listens there, as after a death.
        await using var impatient = await RelayingServer.StartAsync(Coordinator(), Free(), TimeSpan.FromMilliseconds(100));
        var failure = await impatient.Client(_pki.Identity(PeerRole.Operator, "jose")).FailureOfGetHostAsync();
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Unavailable, "NOBODY_AT_WORK"));
        impatient.Log.Lines.ShouldContain(line => line.Message.StartsWith("The coordinator at work cannot be reached (CONNECTION_REFUSED)", StringComparison.Ordinal));
    }

    // It was answered over the same connection for as long as that stood, although a server had long been at work.
    [Fact]
    public async Task Peer_that_was_told_that_none_is_found_is_relayed_when_there_is_one()
    {
        await using var server = await AtWorkAsync();
        _service.OnGetHost = _ => Task.FromResult(new Host());
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server: null, TimeSpan.FromMilliseconds(200));
        var client = relaying.Client(_pki.Identity(PeerRole.Operator, "maria"));
        RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline))).Reason.ShouldBe("NOBODY_AT_WORK");

        relaying.Relay.Point(server.Address);

        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Fact]
    public async Task Connection_that_waits_is_told_when_the_server_ceases_to_relay()
    {
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server: null);
        var call = relaying.Client(_pki.Identity(PeerRole.Operator, "maria")).FailureOfGetHostAsync();
        await Eventually.TrueAsync(() => Task.FromResult(relaying.Log.Lines.Any(line => line.Message.Contains("established using the following protocol", StringComparison.Ordinal))));
        relaying.Relay.Dispose();
        (await call).Reason.ShouldBe("NOBODY_AT_WORK");
    }

    [Fact]
    public async Task Two_that_take_each_other_for_the_one_at_work_hand_no_connection_to_and_fro()
    {
        await using var one = await RelayingServer.StartAsync(Coordinator(), server: null);
        await using var other = await RelayingServer.StartAsync(Coordinator(), one.Address);
        one.Relay.Point(other.Address);
        (await one.Client(_pki.Identity(PeerRole.Operator, "maria")).FailGetHostAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Peer_with_too_many_connections_is_refused_where_it_connects()
    {
        await using var server = await AtWorkAsync();
        _service.OnGetHost = _ => Task.FromResult(new Host());
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address, limits: EdgeLimits.Default with { MaxConnectionsPerPeer = 1 });
        var maria = _pki.Identity(PeerRole.Operator, "maria");
        await relaying.Client(maria).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        var refusal = await relaying.Client(maria).FailureOfGetHostAsync();
        (refusal.StatusCode, refusal.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CONNECTIONS"));
    }

    [Fact]
    public async Task Peer_that_the_server_at_work_denies_is_refused_although_the_relaying_one_knows_nothing_of_it()
    {
        await File.WriteAllTextAsync(_pki.PathOf("denied.txt"), "uri:failback://operator/maria\n", TestContext.Current.CancellationToken);
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Coordinator, "dr", _pki.PathOf("denied.txt")), _service, acceptsRelayed: true);
        await using var relaying = await RelayingServer.StartAsync(Coordinator(), server.Address);
        (await relaying.Client(_pki.Identity(PeerRole.Operator, "maria")).FailGetHostAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
        server.Log.Lines.ShouldContain(line => line.Message.Contains("(CERTIFICATE_DENIED): it relays 127.0.0.1:", StringComparison.Ordinal) && line.Message.Contains("is denied by 'uri:failback://operator/maria'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Running_call_ends_when_the_relaying_server_itself_is_denied()
    {
        await File.WriteAllTextAsync(_pki.PathOf("denied.txt"), "# nobody\n", TestContext.Current.CancellationToken);
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Coordinator, "dr", _pki.PathOf("denied.txt")), _service, acceptsRelayed: true);
        var stolen = Coordinator();
        await using var relaying = await RelayingServer.StartAsync(stolen, server.Address);
        var begun = new TaskCompletionSource();
        _service.OnInitiate = async (_, context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        };
        using var call = relaying.Client(_pki.Identity(PeerRole.Operator, "maria")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        await begun.Task;
        await File.WriteAllTextAsync(_pki.PathOf("denied.txt"), $"serial:{stolen.Certificate.SerialNumber}\n", TestContext.Current.CancellationToken);
        server.ReviewConnections();
        _pki.Clock.Advance(TimeSpan.FromSeconds(3));
        server.ReviewConnections();
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    public static TheoryData<PeerRole, string, bool> Strangers => new()
    {
        // Who speaks for others without the right to it, at a server that accepts it, and the right one at a server that does not.
        { PeerRole.Operator, "maria", true },
        { PeerRole.Agent, "hv-01", true },
        { PeerRole.Coordinator, "elsewhere", true },
        { PeerRole.Coordinator, "dr", false },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Nobody_but_a_coordinator_of_the_same_name_speaks_for_others_and_only_where_it_is_accepted(PeerRole role, string name, bool accepts)
    {
        await using var server = await SecuredServer.StartAsync(Coordinator(), _service, acceptsRelayed: accepts);
        (await SpeakForAsync(server, _pki.Identity(role, name), [_pki.Identity(PeerRole.Operator, "jose").Certificate.RawData])).ShouldBeFalse();
        // Only what is not HTTP at all has ended it: nobody was made out to be another one.
        server.Log.Lines.ShouldNotContain(line => line.Message.Contains("jose", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificate_that_is_relayed_is_judged_again()
    {
        await using var server = await AtWorkAsync();
        using var strangers = new Pki("Strangers");
        (await SpeakForAsync(server, Coordinator(), [_pki.Identity(PeerRole.Operator, "jose").Certificate.RawData])).ShouldBeTrue();
        (await SpeakForAsync(server, Coordinator(), [strangers.Identity(PeerRole.Operator, "jose").Certificate.RawData])).ShouldBeFalse();
        (await SpeakForAsync(server, Coordinator(), [Coordinator().Certificate.RawData])).ShouldBeFalse();
        (await SpeakForAsync(server, Coordinator(), [[1, 2, 3]])).ShouldBeFalse();
        string[] expected = ["UNTRUSTED_AUTHORITY", "WRONG_ROLE", "CERTIFICATE_INVALID"];
        expected.ShouldAllBe(reason => server.Log.Lines.Any(line => line.Message.Contains($"({reason}): it relays 192.0.2.7:4711: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_peer_sends_along_reaches_the_server_that_judges_it_by_the_root_alone()
    {
        using var root = HandMade.Root("Root");
        using var ofServers = root.Authority("Issuing 1");
        using var ofPeople = root.Authority("Issuing 2");
        using var coordinator = Below(ofServers, "failback://coordinator/dr", root);
        using var maria = Below(ofPeople, "failback://operator/maria", root);
        await using var server = await SecuredServer.StartAsync(coordinator, _service, acceptsRelayed: true);
        await using var relaying = await RelayingServer.StartAsync(coordinator, server.Address);
        string? seen = null;
        _service.OnGetHost = context =>
        {
            seen = context.GetPeer().Uri;
            return Task.FromResult(new Host());
        };
        await relaying.Client(maria).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        seen.ShouldBe("failback://operator/maria");
    }

    private MutualTlsIdentity Below(HandMade issuing, string uri, HandMade root)
    {
        using var peer = issuing.Peer(uri);
        using var key = ECDsa.Create();
        key.ImportFromPem(peer.KeyPem);
        return new MutualTlsIdentity(
            peer.Certificate.CopyWithPrivateKey(key),
            [X509CertificateLoader.LoadCertificate(issuing.Certificate.RawData)],
            [X509CertificateLoader.LoadCertificate(root.Certificate.RawData)],
            PeerIdentity.FromCertificate(peer.Certificate),
            _pki.Clock);
    }

    // Whether the server speaks HTTP/2 with whom the connection is said to be for.
    private static async Task<bool> SpeakForAsync(SecuredServer server, MutualTlsIdentity identity, IReadOnlyList<byte[]> certificates)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        await using var tls = await new ServerCertificateGate(identity, PeerRole.Coordinator, "dr").OpenAsync(new NetworkStream(socket), "localhost", TestContext.Current.CancellationToken);
        try
        {
            await tls.WriteAsync(new RelayHeader(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 4711), certificates).ToBytes(), TestContext.Current.CancellationToken);
            // The preface of HTTP/2 and empty settings; the server answers with its own, and not with the end of the connection alone (type 7).
            await tls.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);
            var settings = 0;
            var frame = new byte[9];
            while (await tls.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken) == frame.Length)
            {
                if (frame[3] == 7)
                {
                    return false;
                }

                // Its settings, and then that it has seen ours.
                settings += frame[3] == 4 ? 1 : 0;
                if (settings == 2)
                {
                    return true;
                }

                var body = new byte[(frame[0] << 16) | (frame[1] << 8) | frame[2]];
                await tls.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
            }

            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private MutualTlsIdentity Coordinator() => _pki.Identity(PeerRole.Coordinator, "dr");

    private Task<SecuredServer> AtWorkAsync() => SecuredServer.StartAsync(Coordinator(), _service, acceptsRelayed: true);

    private static Uri Free()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return new Uri($"https://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}");
    }
}
