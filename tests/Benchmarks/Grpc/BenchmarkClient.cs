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

/// <summary>Our client; under mutual TLS on the product's channel. Writes one line for each window of its load. It ends when its standard input does.</summary>
internal static class BenchmarkClient
{
    public static async Task RunAsync(PeerSettings settings, CancellationToken cancellation)
    {
        using var identity = settings.Security == ChannelSecurity.MutualTls ? MutualTlsIdentity.Load(settings.Files, TimeProvider.System) : null;
        // What is asked about the load goes its own way: a thousand streams fill every connection of theirs.
        using var control = Open(settings.Address!, identity);
        using var channel = Open(settings.Address!, identity);
        var (client, workload, counter) = (new Service.BenchmarkServiceClient(channel), settings.Workload!, new Counter());
        // A console is read without asynchrony.
        var ended = Task.Run(Console.In.ReadToEnd, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var before = await NowAsync(control, counter, cancellation);
        var workers = Enumerable.Range(0, workload.Concurrency).Select(_ => LoadAsync(client, workload, counter, stop.Token)).ToList();
        while (await Task.WhenAny(Task.Delay(settings.Window, cancellation), ended) != ended)
        {
            var now = await NowAsync(control, counter, cancellation);
            Console.Out.WriteLine(JsonSerializer.Serialize(now.Since(before, workload), JsonSerializerOptions.Web));
            before = now;
            await Task.WhenAll(workers.Where(worker => worker.IsFaulted));
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);
    }

    private static GrpcChannel Open(string address, MutualTlsIdentity? identity) => identity is null
        ? GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true }, DisposeHttpClient = true })
        : MutualTlsChannel.Create(new Uri($"https://{address}"), identity, PeerRole.Agent, ConformancePki.ServerName);

    private static async Task<Moment> NowAsync(GrpcChannel control, Counter counter, CancellationToken cancellation)
    {
        var server = await new Service.BenchmarkServiceClient(control).GetAllocationsAsync(new GetAllocationsRequest(), cancellationToken: cancellation);
        return new Moment(Stopwatch.GetTimestamp(), counter.Value, GC.GetTotalAllocatedBytes(), server.AllocatedBytes);
    }

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

    /// <summary>What has happened and what both processes have allocated until then.</summary>
    private sealed record Moment(long Time, long Count, long ClientBytes, long ServerBytes)
    {
        public Measurement Since(Moment before, Workload workload)
        {
            var count = Count - before.Count;
            return new Measurement(workload.ToString(), count / Stopwatch.GetElapsedTime(before.Time, Time).TotalSeconds, Each(ClientBytes - before.ClientBytes), Each(ServerBytes - before.ServerBytes));

            double? Each(long bytes) => count == 0 ? null : (double)bytes / count;
        }
    }
}
