using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>Clients that open streams and do not read them cost a bounded amount of memory, however much there would be to send.</summary>
[Collection(AloneCollection.Name)]
public sealed class SlowReaderTests(ITestOutputHelper output) : IDisposable
{
    private const int Streams = 50;
    private const int MessageBytes = 8 * 1024;

    // The window of the stream, which the reader's side holds, and the server's own buffers.
    private const long MostBytesOfEach = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Streams_that_nobody_reads_stop_the_writer_and_go_on_with_the_reader()
    {
        var service = new TightService(MessageBytes);
        await using var server = await ConformanceServer.StartAsync(_pki, service);
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, server.Port);
        var client = new TestService.TestServiceClient(channel);
        await client.EmptyCallAsync(new EmptyCallRequest(), deadline: DateTime.UtcNow + Patience);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var calls = Enumerable.Range(0, Streams).Select(_ => client.StreamingOutputCall(new StreamingOutputCallRequest(), deadline: DateTime.UtcNow + TimeSpan.FromMinutes(2))).ToList();
        await Task.WhenAll(calls.Select(call => call.ResponseHeadersAsync));

        var written = await Eventually.SettledAsync(() => service.Written, TimeSpan.FromSeconds(1), Patience);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Streams} unread streams: {written * MessageBytes / Streams / 1024} KiB written to each, {held / Streams / 1024} KiB held for each, by both sides");

        service.Open.ShouldBe(Streams);
        (written * MessageBytes).ShouldBeLessThan(Streams * MostBytesOfEach);
        held.ShouldBeLessThan(Streams * MostBytesOfEach);
        // Another call is not held up by the full streams, and a reader who comes back gets all there is.
        await client.EmptyCallAsync(new EmptyCallRequest(), deadline: DateTime.UtcNow + Patience);
        for (var message = 0; message < 2 * written; message++)
        {
            (await calls[0].ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        }

        calls.ForEach(call => call.Dispose());
        await Eventually.HoldsAsync(() => service.Open == 0, Patience, () => $"{service.Open} streams are still written");
    }

    public void Dispose() => _pki.Dispose();
}
