using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.V1;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tls;
using Service = HostAgent.Conformance.V1.BenchmarkService;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>Our client; under mutual TLS on the product's channel. Writes one line for each workload.</summary>
internal static class BenchmarkClient
{
    public static async Task RunAsync(PeerSettings settings, CancellationToken cancellation)
    {
        using var identity = settings.Security == ChannelSecurity.MutualTls ? MutualTlsIdentity.Load(settings.Files, TimeProvider.System) : null;
        // What is asked about the load goes its own way: a thousand streams fill every connection of theirs.
        using var control = Open(settings.Address!, identity);
        await AllocationsAsync(control);
        foreach (var workload in settings.Workloads)
        {
            using var channel = Open(settings.Address!, identity);
            Console.Out.WriteLine(JsonSerializer.Serialize(await MeasureAsync(new Service.BenchmarkServiceClient(channel), () => AllocationsAsync(control), workload, settings, cancellation), JsonSerializerOptions.Web));
        }

        async Task<long> AllocationsAsync(GrpcChannel asked) =>
            (await new Service.BenchmarkServiceClient(asked).GetAllocationsAsync(new GetAllocationsRequest(), cancellationToken: cancellation)).AllocatedBytes;
    }

    private static GrpcChannel Open(string address, MutualTlsIdentity? identity) => identity is null
        ? GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true }, DisposeHttpClient = true })
        : MutualTlsChannel.Create(new Uri($"https://{address}"), identity, PeerRole.Agent, ConformancePki.ServerName);

    private static async Task<Measurement> MeasureAsync(Service.BenchmarkServiceClient client, Func<Task<long>> serverAllocations, Workload workload, PeerSettings settings, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var counter = new Counter();
        var workers = Enumerable.Range(0, workload.Concurrency).Select(_ => LoadAsync(client, workload, counter, stop.Token)).ToList();
        await Task.Delay(settings.WarmUp, cancellation);
        var serverBefore = await serverAllocations();
        var (clientBefore, countBefore, started) = (GC.GetTotalAllocatedBytes(), counter.Value, Stopwatch.GetTimestamp());
        await Task.Delay(settings.Measured, cancellation);
        var (elapsed, count, clientAllocated) = (Stopwatch.GetElapsedTime(started), counter.Value - countBefore, GC.GetTotalAllocatedBytes() - clientBefore);
        var serverAllocated = await serverAllocations() - serverBefore;
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        return new Measurement(workload.ToString(), count / elapsed.TotalSeconds, Each(clientAllocated, count), Each(serverAllocated, count));
    }

    private static double? Each(long bytes, long count) => count == 0 ? null : (double)bytes / count;

    /// <summary>One worker; it ends when it is told to.</summary>
    private static async Task LoadAsync(Service.BenchmarkServiceClient client, Workload workload, Counter counter, CancellationToken stop)
    {
        // A thousand of them start at once, and none may keep the others waiting.
        await Task.Yield();
        try
        {
            switch (workload.Kind)
            {
                case "unary":
                    var request = new ExchangeRequest { Size = workload.Bytes, Body = UnsafeByteOperations.UnsafeWrap(new byte[workload.Bytes]) };
                    while (true)
                    {
                        await client.ExchangeAsync(request, cancellationToken: stop);
                        counter.Increment();
                    }

                case "stream":
                    await ReceiveAsync(client, new StreamRequest { Size = workload.Bytes }, counter, stop);
                    break;
                case "open":
                    while (true)
                    {
                        await ReceiveAsync(client, new StreamRequest { Size = workload.Bytes, Count = 1 }, counter, stop);
                    }

                default:
                    throw new ArgumentOutOfRangeException(nameof(workload), workload.Kind, "is neither unary, stream nor open");
            }
        }
        catch (RpcException) when (stop.IsCancellationRequested)
        {
            // This is how a workload ends. A call that is cancelled while it begins may also be INTERNAL: Grpc.Net.Client disposes of its response.
        }
    }

    private static async Task ReceiveAsync(Service.BenchmarkServiceClient client, StreamRequest request, Counter counter, CancellationToken stop)
    {
        using var call = client.Stream(request, cancellationToken: stop);
        while (await call.ResponseStream.MoveNext(stop))
        {
            counter.Increment();
        }
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }
}
