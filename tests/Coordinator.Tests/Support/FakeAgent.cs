using System.Collections.Concurrent;
using System.Net;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>
/// A host with its agent: a real server with mutual TLS, and behind it a journal that survives a stop of the server as a real one
/// survives its process. Operations run to their success by themselves unless <see cref="Holds"/> says otherwise.
/// </summary>
internal sealed class FakeAgent(Pki pki, string name, params string[] machines) : IAsyncDisposable
{
    private WebApplication? _server;
    private int _port;
    private int _lists;
    private long _commits;

    public string Name { get; } = name;

    public string Address => $"https://127.0.0.1:{_port}";

    public IReadOnlyList<VirtualMachine> Machines { get; } =
        [.. machines.Select(machine => new VirtualMachine { Id = IdOf(name, machine), Name = machine, Eligible = true, DiskBytes = 1 << 30 })];

    /// <summary>The journal.</summary>
    public ConcurrentDictionary<string, FakeOperation> Operations { get; } = new();

    /// <summary>Every call of InitiateFailback, whatever came of it.</summary>
    public ConcurrentQueue<InitiateFailbackRequest> Calls { get; } = new();

    /// <summary>Whether an operation waits, running, for the test to end it.</summary>
    public Func<FakeOperation, bool> Holds { get; set; } = _ => false;

    /// <summary>What an initiation is answered with instead of being journaled; null for nothing.</summary>
    public Func<InitiateFailbackRequest, RpcFailure?> Refuses { get; set; } = _ => null;

    /// <summary>Every watch of an operation.</summary>
    public ConcurrentQueue<WatchFailbackRequest> Watches { get; } = new();

    /// <summary>Every claim of a campaign, whatever came of it.</summary>
    public ConcurrentQueue<ClaimCampaignRequest> Claims { get; } = new();

    /// <summary>What a claim is answered with instead of being taken; null for nothing.</summary>
    public Func<ClaimCampaignRequest, RpcFailure?> RefusesClaim { get; set; } = _ => null;

    /// <summary>The identity of the journal.</summary>
    public Guid JournalId { get; set; } = Guid.NewGuid();

    /// <summary>What a readiness check of a machine finds.</summary>
    public Func<VirtualMachine, IEnumerable<ReadinessCheck>> Finds { get; set; } = _ => [];

    /// <summary>The machines whose readiness was asked for.</summary>
    public ConcurrentQueue<string> Checks { get; } = new();

    /// <summary>What a listing of the machines is answered with; null for the truth.</summary>
    public Func<ListVirtualMachinesRequest, ListVirtualMachinesResponse?> Lies { get; set; } = _ => null;

    /// <summary>How often the machines were listed.</summary>
    public int Lists => Volatile.Read(ref _lists);

    /// <summary>Called when an operation has been journaled and before anything is sent.</summary>
    public Action<FakeOperation> Accepted { get; set; } = _ => { };

    /// <summary>Pulsed by every call.</summary>
    public Signal Activity { get; } = new();

    /// <summary>How often the host itself was asked to begin: once for each journaled operation.</summary>
    public int Initiations => Operations.Count;

    /// <summary>How many streams there are now, and were at most.</summary>
    public StreamCount Streams { get; } = new();

    /// <summary>Cancelled to break every stream that is open.</summary>
    public CancellationTokenSource StreamBreaker { get; private set; } = new();

    public async Task<FakeAgent> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(this);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSecuredGrpc();
        var identity = pki.Identity(PeerRole.Agent, Name);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMutualTls(new IPEndPoint(IPAddress.Loopback, _port), identity));
        _server = builder.Build();
        _server.MapSecuredGrpc();
        _server.MapGrpcService<FakeFailback>().RequireAuthorization(new AuthorizeRolesAttribute(PeerRole.Coordinator, PeerRole.Operator));
        await _server.StartAsync();
        _port = new Uri(_server.Urls.Single()).Port;
        return this;
    }

    /// <summary>The agent's process ends; its journal stays.</summary>
    public async Task StopAsync()
    {
        BreakStreams();
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync();
        }
    }

    public void BreakStreams()
    {
        var breaker = StreamBreaker;
        StreamBreaker = new CancellationTokenSource();
        breaker.Cancel();
    }

    public JournalPosition NextPosition() => new() { JournalId = JournalId.ToString("D"), Commits = Interlocked.Increment(ref _commits), ClaimToken = Guid.NewGuid().ToString("D") };

    public void NoteList() => Interlocked.Increment(ref _lists);

    public FakeOperation Operation(string machine) => Operations.Values.Last(operation => operation.VirtualMachineName == machine);

    public Task UntilAsync(Func<bool> condition, string what) => Activity.UntilAsync(condition, $"{Name}: {what}");

    public ValueTask DisposeAsync() => new(StopAsync());

    private static string IdOf(string host, string machine)
    {
        var bytes = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{host}/{machine}"));
        return new Guid(bytes.AsSpan(0, 16)).ToString("D").ToUpperInvariant();
    }
}
