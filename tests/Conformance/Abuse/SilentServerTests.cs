using System.Diagnostics;
using Grpc.Core;
using HostAgent.Conformance.Cases;
using HostAgent.Conformance.Network;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;
using HostAgent.Transport;

namespace HostAgent.Conformance.Abuse;

/// <summary>A server that is gone without a word, noticed by the channel that ships, with the times that ship.</summary>
public sealed class SilentServerTests(ITestOutputHelper output) : IDisposable
{
    // A ping after 10 s of silence, and 10 s for its answer; the rest is for a busy machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Stream_to_a_server_that_falls_silent_is_unavailable_within_the_keepalive_time()
    {
        await using var server = await ConformanceServer.StartAsync(_pki, new EchoTestService(new CallLedger()));
        await using var relay = new TcpRelay(server.Port);
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, relay.Port);
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall();
        await call.RequestStream.WriteAsync(Messages.Duplex(1, Messages.Response(1)));
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();

        relay.FallSilent();
        var started = Stopwatch.GetTimestamp();
        var failure = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Longest));

        output.WriteLine($"noticed after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        var lost = RpcFailure.From(failure);
        (lost.StatusCode, lost.Reason).ShouldBe((StatusCode.Unavailable, ConnectionReason.ConnectionLost));
    }

    public void Dispose() => _pki.Dispose();
}
