using System.Net;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.InProcess;

/// <summary>Calls that a part of the process makes in the name of a peer whose connection was proved: they are judged as the peer's own.</summary>
public sealed class InProcessServerTests : IDisposable
{
    private static readonly IPEndPoint Browser = new(IPAddress.Parse("192.0.2.7"), 4711);

    private readonly Pki _pki = new();
    private readonly ScriptedFailback _service = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task Service_sees_the_peer_its_address_and_that_the_call_came_by_way_of_the_process()
    {
        var (identity, door) = Door();
        await using var server = await SecuredServer.StartAsync(identity, _service, door: door);
        using var channel = door.OpenChannel(await SessionAsync(server, PeerRole.Operator), Browser);
        (string Actor, string Source, bool InProcess)? seen = null;
        _service.OnGetHost = context =>
        {
            seen = (context.GetPeer().Actor, context.Peer, context.IsInProcess());
            return Task.FromResult(new Host());
        };
        await new Failback.FailbackClient(channel).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        seen.ShouldNotBeNull();
        seen.Value.Actor.ShouldStartWith("failback://operator/caller#serial=");
        (seen.Value.Source, seen.Value.InProcess).ShouldBe(("ipv4:192.0.2.7:4711", true));
    }

    [Fact]
    public async Task Order_that_the_role_does_not_allow_is_refused_whoever_passes_it_on()
    {
        var (identity, door) = Door();
        await using var server = await SecuredServer.StartAsync(identity, _service, door: door);
        using var channel = door.OpenChannel(await SessionAsync(server, PeerRole.Viewer), Browser);
        var failure = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () =>
        {
            using var call = new Failback.FailbackClient(channel).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        }));
        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
        failure.Metadata["role"].ShouldBe("viewer");
    }

    [Fact]
    public async Task Call_ends_when_its_peer_is_denied_and_none_begins_after_that()
    {
        var (identity, door) = Door();
        await using var server = await SecuredServer.StartAsync(identity, _service, door: door);
        using var channel = door.OpenChannel(await SessionAsync(server, PeerRole.Operator), Browser);
        var begun = new TaskCompletionSource();
        _service.OnInitiate = async (_, context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        };
        using var call = new Failback.FailbackClient(channel).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        await begun.Task;
        await File.WriteAllTextAsync(_pki.PathOf("denied.txt"), "uri:failback://operator/caller\n", TestContext.Current.CancellationToken);
        server.ReviewConnections();
        var ended = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
        (ended.StatusCode, ended.Reason).ShouldBe((StatusCode.Unavailable, ConnectionReason.CertificateDenied));
        (await new Failback.FailbackClient(channel).FailGetHostAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Large_answers_and_many_calls_at_once_pass_through()
    {
        var (identity, door) = Door();
        await using var server = await SecuredServer.StartAsync(identity, _service, door: door);
        using var channel = door.OpenChannel(await SessionAsync(server, PeerRole.Operator), Browser);
        _service.OnInitiate = async (stream, context) =>
        {
            for (var number = 0; number < 50; number++)
            {
                await stream.WriteAsync(new FailbackProgress { Explanation = new string('x', 100_000) }, context.CancellationToken);
            }
        };
        var client = new Failback.FailbackClient(channel);
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
    public async Task Stopped_server_refuses_and_hangs_nobody()
    {
        var (identity, door) = Door();
        var server = await SecuredServer.StartAsync(identity, _service, door: door);
        using var channel = door.OpenChannel(await SessionAsync(server, PeerRole.Operator), Browser);
        await server.StopAsync();
        (await new Failback.FailbackClient(channel).FailGetHostAsync()).StatusCode.ShouldBe(StatusCode.Unavailable);
        await server.DisposeAsync();
    }

    private (MutualTlsIdentity Identity, InProcessServer Door) Door()
    {
        File.WriteAllText(_pki.PathOf("denied.txt"), "# nobody\n");
        var identity = _pki.Identity(PeerRole.Agent, "hv-01", _pki.PathOf("denied.txt"));
        return (identity, new InProcessServer(identity));
    }

    // Of a real connection, which stays open.
    private async Task<PeerSession> SessionAsync(SecuredServer server, PeerRole role)
    {
        PeerSession? session = null;
        _service.OnGetHost = context =>
        {
            session = PeerSession.Of(context.GetHttpContext());
            return Task.FromResult(new Host());
        };
        await server.Client(_pki.Identity(role, "caller")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        return session.ShouldNotBeNull();
    }
}
