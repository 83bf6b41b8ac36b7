using HostAgent.Audit;
using HostAgent.Benchmarks.Agent;
using HostAgent.Benchmarks.Engine;
using HostAgent.Benchmarks.Grpc;
using HostAgent.Campaigns.Messages;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Transport;
using HostAgent.Transport.Channels;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Benchmarks.Allocations;

/// <summary>The operations whose allocations are watched. Each returns the bytes that this process allocates for one: client and server, caller and agent share it.</summary>
/// <param name="planted">Bytes that are allocated in vain for each operation, by its name: a test of the gate.</param>
internal sealed class MeasuredOperations(IReadOnlyDictionary<string, int> planted)
{
    private const string EngineInput = "engine input";
    private const string StoredEvent = "stored event";
    private const string Snapshot = "snapshot of 10,000 items";
    private const string Plan = "plan of 10,000 items stored";
    private const string UnaryCall = "unary call";
    private const string StreamedMessage = "streamed message";
    private const string Acceptance = "acceptance";

    private static readonly DateTimeOffset Noon = new(2031, 5, 4, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Measures all of them, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellation) => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [EngineInput] = Enumerable.Range(0, 3).Min(_ => new EngineRun(new EngineSize(1_000, 2)) { OnInput = () => Plant(EngineInput) }.Measure(cancellation).AllocatedBytesPerInput),
        [StoredEvent] = await WithStoreAsync(AppendAsync),
        [Snapshot] = await WithStoreAsync(store => SnapshotAsync(store, cancellation)),
        [Plan] = await WithStoreAsync(PlanAsync),
        [UnaryCall] = await CallAsync(async client =>
        {
            var request = new ExchangeRequest { Size = 100 };
            return await OfEachAsync(UnaryCall, batches: 15, times: 200, async () => await client.ExchangeAsync(request, cancellationToken: cancellation));
        }),
        [StreamedMessage] = await CallAsync(async client =>
        {
            using var call = client.Stream(new StreamRequest { Size = 100 }, cancellationToken: cancellation);
            return await OfEachAsync(StreamedMessage, batches: 15, times: 5_000, async () => await call.ResponseStream.MoveNext(cancellation));
        }),
        [Acceptance] = await AcceptAsync(cancellation),
    };

    /// <summary>Measures with a store of its own.</summary>
    public static async Task<T> WithStoreAsync<T>(Func<SqliteEventStore, Task<T>> measure)
    {
        var directory = Directory.CreateTempSubdirectory("stored-");
        try
        {
            await using var store = SqliteEventStore.Open(Path.Combine(directory.FullName, "campaigns.db"), NullLogger<SqliteEventStore>.Instance);
            return await measure(store);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<double> AppendAsync(SqliteEventStore store)
    {
        var campaign = await CreateAsync(store, 1);
        var version = 1L;
        return await OfEachAsync(StoredEvent, batches: 5, times: 100, () => store.AppendAsync(Append(campaign, version++)));
    }

    /// <summary>A campaign in the middle of its work is written into the store by what keeps its snapshots. Each time it is another campaign's first.</summary>
    private async Task<double> SnapshotAsync(SqliteEventStore store, CancellationToken cancellation)
    {
        const int Batches = 3;
        const int Times = 2;
        var state = new EngineRun(new EngineSize(10_000, 1)).LiveHalf(cancellation);
        var buffers = SnapshotKeeper.CreateBuffers();
        var campaigns = new Queue<Guid>();
        for (var number = 1; number <= (Batches + 1) * Times; number++)
        {
            campaigns.Enqueue(await CreateAsync(store, number));
        }

        return await OfEachAsync(Snapshot, Batches, Times, async () =>
        {
            await using var keeper = new SnapshotKeeper(campaigns.Dequeue(), "one", store, buffers, interval: 1, NullLogger<SnapshotKeeper>.Instance);
            keeper.Offer(state);
        });
    }

    /// <summary>The events of a campaign's creation, one of which is its plan, are written and stored as the coordinator does it.</summary>
    private async Task<double> PlanAsync(SqliteEventStore store)
    {
        var created = new EngineRun(new EngineSize(10_000, 1)).Creation();
        var number = 0;
        return await OfEachAsync(Plan, batches: 3, times: 2, async () =>
        {
            var campaign = new Guid(++number, 0, 0, new byte[8]);
            using var texts = new EventTexts();
            await store.CreateAsync(new NewCampaign(campaign, $"number-{number}", "", "", "ann", Noon), new StreamAppend(campaign, 0, [.. created.Select(texts.Write)], [], null));
        });
    }

    /// <summary>Creates a campaign in a store.</summary>
    public static async Task<Guid> CreateAsync(SqliteEventStore store, int number)
    {
        var campaign = new Guid(number, 0, 0, new byte[8]);
        await store.CreateAsync(new NewCampaign(campaign, $"number-{number}", "", "", "ann", Noon), new StreamAppend(campaign, 0, [Event()], [], null));
        return campaign;
    }

    /// <summary>An event with its audit row.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="version">The version that it follows.</param>
    public static StreamAppend Append(Guid campaign, long version) => new(
        campaign, version, [Event()], [new AuditEntry(Noon, "ann", "", "item.start", "campaigns/one/items/vm-1", "ok", "{}")], new CampaignProjection(1, IsTerminal: false, new byte[64]));

    private static NewEvent Event()
    {
        var running = new ItemRunning("vm-1") { At = Noon };
        return new NewEvent(Noon, CampaignEventCodec.NameOf(running), CampaignEventCodec.Write(running));
    }

    private static async Task<double> CallAsync(Func<BenchmarkService.BenchmarkServiceClient, Task<double>> measure)
    {
        using var pki = new ConformancePki();
        await using var server = BenchmarkServer.Create(pki.Server);
        await server.StartAsync();
        using var channel = MutualTlsChannel.Create(new Uri(server.Urls.Single()), pki.Client, PeerRole.Agent, ConformancePki.ServerName);
        return await measure(new BenchmarkService.BenchmarkServiceClient(channel));
    }

    private async Task<double> AcceptAsync(CancellationToken cancellation)
    {
        const int Batches = 5;
        const int Times = 40;
        await using var agent = await SimulatedAgent.StartSlowAsync((Batches + 1) * Times);
        return await OfEachAsync(Acceptance, Batches, Times, async () =>
        {
            using var call = agent.Client.InitiateFailback(agent.NextRequest(), cancellationToken: cancellation);
            if (!await call.ResponseStream.MoveNext(cancellation) || call.ResponseStream.Current.Kind != ProgressKind.Accepted)
            {
                throw new InvalidOperationException("The first message of a failback does not say that it was accepted.");
            }
        });
    }

    /// <summary>The batch that allocates least of several, after one that is not counted: whatever else the process does only adds.</summary>
    private async Task<double> OfEachAsync(string name, int batches, int times, Func<Task> operation)
    {
        var least = double.MaxValue;
        for (var batch = 0; batch <= batches; batch++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var time = 0; time < times; time++)
            {
                await operation();
                Plant(name);
            }

            var each = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / times;
            least = batch == 0 ? least : Math.Min(least, each);
        }

        return Math.Round(least);
    }

    private void Plant(string name)
    {
        if (planted.TryGetValue(name, out var bytes))
        {
            GC.KeepAlive(new byte[bytes]);
        }
    }
}
