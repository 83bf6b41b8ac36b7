using System.Diagnostics;
using Grpc.Core;
using HostAgent.Conformance.Cases;
using HostAgent.Conformance.Network;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>A client that is gone without a word, noticed by the server that ships, with the times that ship.</summary>
public sealed class SilentClientTests(ITestOutputHelper output) : IDisposable
{
    private const string Name = "silent_client";

    // A ping after 20 s of silence, and 20 s for its answer; the rest is for a busy machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Stream_of_a_client_that_falls_silent_is_cancelled_within_the_keepalive_time()
    {
        var ledger = new CallLedger();
        await using var server = await ConformanceServer.StartAsync(_pki, new EchoTestService(ledger));
        await using var relay = new TcpRelay(server.Port);
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, relay.Port);
        using var call = new TestService.TestServiceClient(channel).FullDuplexCall([new Metadata.Entry(EchoHeaders.Case, Name)]);
        await call.RequestStream.WriteAsync(Messages.Duplex(1, Messages.Response(1), Messages.Response(1, TimeSpan.FromMinutes(5))));
        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();

        relay.FallSilent();
        var started = Stopwatch.GetTimestamp();

        await ledger.CancellationAsync(Name, Longest);
        output.WriteLine($"noticed after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
    }

    public void Dispose() => _pki.Dispose();
}
