using Grpc.Core;
using HostAgent.Conformance.Product;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;

namespace HostAgent.Conformance.Abuse;

/// <summary>Streams that are opened and dropped, ten thousand times, leave nothing behind.</summary>
[Collection(AloneCollection.Name)]
public sealed class DroppedStreamTests(ITestOutputHelper output) : IDisposable
{
    private const int AtOnce = 50;
    private const int WarmUp = 1_000;
    private const int Streams = 10_000;
    private const int WatchStreams = 2_000;
    private const long MostGrowthBytes = 4 * 1024 * 1024;
    private const int MostHandles = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Ten_thousand_dropped_streams_leave_no_call_no_memory_and_no_handle()
    {
        var service = new WaitingService();
        await using var server = await ConformanceServer.StartAsync(_pki, service);
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, server.Port);
        var client = new TestService.TestServiceClient(channel);

        await ShouldLeaveNothingAsync(
            Streams,
            deadline => client.StreamingOutputCall(new StreamingOutputCallRequest(), deadline: deadline),
            () => Eventually.HoldsAsync(() => service.Open == 0, Patience, () => $"{service.Open} calls are still open"));

        // The last ones may be kept by pools of the server and the client.
        service.Alive.ShouldBeLessThan(2 * AtOnce);
    }

    [Fact]
    public async Task Thousands_of_dropped_watches_leave_nothing_in_an_agent()
    {
        // At the clock's own speed the failback runs for as long as the test does.
        await using var site = new SimulatedSite { Speed = 1 };
        await site.InitializeAsync();
        using var identity = MutualTlsIdentity.Load(site.Operator, TimeProvider.System);
        using var channel = MutualTlsChannel.Create(site.Agent, identity, PeerRole.Agent, site.HostName);
        var client = new Failback.FailbackClient(channel);
        var machine = (await client.ListVirtualMachinesAsync(new ListVirtualMachinesRequest(), deadline: DateTime.UtcNow + Patience)).VirtualMachines[0];
        var operation = Guid.NewGuid().ToString();
        using var initiation = client.InitiateFailback(new InitiateFailbackRequest { OperationId = operation, VirtualMachineId = machine.Id }, deadline: DateTime.UtcNow + TimeSpan.FromMinutes(2));
        (await initiation.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();

        await ShouldLeaveNothingAsync(
            WatchStreams,
            deadline => client.WatchFailback(new WatchFailbackRequest { OperationId = operation }, deadline: deadline),
            async () => (await client.GetHostAsync(new GetHostRequest(), deadline: DateTime.UtcNow + Patience)).RunningFailbacks.ShouldBe(1));
    }

    public void Dispose() => _pki.Dispose();

    private async Task ShouldLeaveNothingAsync<TResponse>(int streams, Func<DateTime, AsyncServerStreamingCall<TResponse>> open, Func<Task> rest)
    {
        await OpenAndDropAsync(WarmUp, open);
        await rest();
        var before = ProcessResources.Measure();
        await OpenAndDropAsync(streams, open);
        await rest();
        var after = ProcessResources.Measure();

        output.WriteLine($"{streams} streams: {(after.HeapBytes - before.HeapBytes) / 1024} KiB and {after.Handles - before.Handles} handles more than after the first {WarmUp}");
        (after.HeapBytes - before.HeapBytes).ShouldBeLessThan(MostGrowthBytes);
        (after.Handles - before.Handles).ShouldBeLessThan(MostHandles);
    }

    private static Task OpenAndDropAsync<TResponse>(int count, Func<DateTime, AsyncServerStreamingCall<TResponse>> open) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, cancellation) =>
        {
            using var call = open(DateTime.UtcNow + TimeSpan.FromMinutes(1));
            (await call.ResponseStream.MoveNext(cancellation)).ShouldBeTrue();
        });
}
