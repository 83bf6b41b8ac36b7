using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Streaming;

/// <summary>Peers that say nothing at all: a machine that is gone, a cut cable. Real sockets, the shortest time-outs that HTTP/2 pings allow.</summary>
public sealed class SilenceTests : IDisposable
{
    private static readonly ChannelTimeouts Impatient = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly Pki _pki = new();

    [Fact]
    public async Task Listener_that_never_answers_is_a_connect_timeout_and_not_a_cancellation()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var channel = MutualTlsChannel.Create(new Uri($"https://{silent.LocalEndpoint}"), _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01", Impatient);

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Reason.ShouldBe(ConnectionReason.ConnectTimeout);
        failure.Message.ShouldBe($"https://{silent.LocalEndpoint} did not answer within 0.5 s");
    }

    [Fact]
    public async Task Deadline_during_the_connect_is_still_the_callers_deadline()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var channel = MutualTlsChannel.Create(new Uri($"https://{silent.LocalEndpoint}"), _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01", Impatient with { Connect = Calls.Patience });

        var ending = await Should.ThrowAsync<RpcException>(async () => await new Failback.FailbackClient(channel).GetHostAsync(new GetHostRequest(), deadline: DateTime.UtcNow.AddMilliseconds(300)));

        ending.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Stream_over_a_connection_that_falls_silent_becomes_unavailable()
    {
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, context) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        await using var proxy = new SilencingProxy(server.Address);
        using var channel = MutualTlsChannel.Create(proxy.Address, _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01", Impatient with { Connect = Calls.Patience });
        using var call = new Failback.FailbackClient(channel).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();

        proxy.FallSilent();

        var ending = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var failure = RpcFailure.From(ending, "hv-01");
        failure.StatusCode.ShouldBe(StatusCode.Unavailable, ending.ToString());
        failure.Reason.ShouldBe(ConnectionReason.ConnectionLost);
        failure.Message.ShouldStartWith("the connection to hv-01 was lost: ");
    }

    public void Dispose() => _pki.Dispose();
}
