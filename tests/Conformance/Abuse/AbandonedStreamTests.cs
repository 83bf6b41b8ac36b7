using System.Diagnostics;
using Grpc.Net.Client;
using HostAgent.Conformance.Network;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>
/// Clients that vanish from tight streams must not starve the others. A service loop whose writes complete at once never gives its
/// thread back, and on a machine of two cores few such loops keep the server from noticing that nobody listens any more.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AbandonedStreamTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 32;
    private const int StreamsOfEach = 4;
    private const int Calls = 100;

    // A loop that gives way is told after few turns that its client has gone; one that does not writes thousands of messages to nobody.
    private const long MostWrittenToNobody = Clients * StreamsOfEach * 128 * 10;

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Tight_streams_whose_clients_vanish_end_and_leave_other_calls_alone()
    {
        var service = new TightService(messageBytes: 100);
        await using var server = await ConformanceServer.StartAsync(_pki, service);
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, server.Port);
        var others = new TestService.TestServiceClient(channel);
        await others.EmptyCallAsync(new EmptyCallRequest(), deadline: DateTime.UtcNow + Patience);
        var abandoned = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => AbandonedClient.OpenAsync(_pki, server.Port)));
        service.Open.ShouldBe(Clients * StreamsOfEach);

        var written = service.Written;
        await Task.WhenAll(abandoned.Select(client => client.VanishAsync()));
        var longest = TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        for (var call = 0; call < Calls; call++)
        {
            var begun = Stopwatch.GetTimestamp();
            await others.EmptyCallAsync(new EmptyCallRequest(), deadline: DateTime.UtcNow + LongestCall);
            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }

        output.WriteLine($"{Calls} calls beside {Clients * StreamsOfEach} abandoned streams: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms, the longest {longest.TotalMilliseconds:F1} ms");
        await Eventually.HoldsAsync(() => service.Open == 0, Patience, () => $"{service.Open} streams are still written, {service.Written} messages so far");
        output.WriteLine($"all ended after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms, {service.Written - written} messages written to nobody");
        (service.Written - written).ShouldBeLessThan(MostWrittenToNobody);
        foreach (var client in abandoned)
        {
            client.Dispose();
        }
    }

    public void Dispose() => _pki.Dispose();

    /// <summary>A client with connections of its own that reads a little of its streams and then is gone without a word.</summary>
    private sealed class AbandonedClient(TcpRelay relay, GrpcChannel channel) : IDisposable
    {
        public static async Task<AbandonedClient> OpenAsync(ConformancePki pki, int port)
        {
            var relay = new TcpRelay(port);
            var client = new AbandonedClient(relay, ChannelFactory.Open(ChannelSecurity.MutualTls, pki, relay.Port));
            var service = new TestService.TestServiceClient(client.Channel);
            for (var stream = 0; stream < StreamsOfEach; stream++)
            {
                var call = service.StreamingOutputCall(new StreamingOutputCallRequest(), deadline: DateTime.UtcNow + TimeSpan.FromMinutes(2));
                (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
            }

            return client;
        }

        private GrpcChannel Channel { get; } = channel;

        public Task VanishAsync() => relay.DisposeAsync().AsTask();

        public void Dispose() => Channel.Dispose();
    }
}
