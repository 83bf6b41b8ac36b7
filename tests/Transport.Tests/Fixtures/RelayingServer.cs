using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Edge;
using HostAgent.Transport.Relay;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>A real server that relays what comes to it.</summary>
internal sealed class RelayingServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<GrpcChannel> _channels = [];

    private RelayingServer(WebApplication application, ConnectionRelay relay, CollectedLog log)
    {
        (_application, Relay, Log) = (application, relay, log);
        Address = new Uri(application.Urls.First());
    }

    public Uri Address { get; }

    public ConnectionRelay Relay { get; }

    public CollectedLog Log { get; }

    public static async Task<RelayingServer> StartAsync(MutualTlsIdentity identity, Uri? server, TimeSpan? patience = null, EdgeLimits? limits = null)
    {
        var log = new CollectedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton(limits ?? EdgeLimits.Default);
        builder.Services.AddEdge();
        var relay = new ConnectionRelay(identity, patience ?? TimeSpan.FromSeconds(30), new SampledLog(TimeProvider.System), LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<ConnectionRelay>());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenRelaying(new IPEndPoint(IPAddress.Loopback, 0), identity, relay));
        var application = builder.Build();
        application.AnswerAll(new RpcFailure(StatusCode.Unavailable, "NOBODY_AT_WORK", "nobody is at work"));
        relay.Point(server);
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new RelayingServer(application, relay, log);
    }

    public Failback.FailbackClient Client(MutualTlsIdentity client)
    {
        var channel = MutualTlsChannel.Create(Address, client, PeerRole.Coordinator, "dr");
        _channels.Add(channel);
        return new(channel);
    }

    /// <summary>Looks at deny list and connections now, as the server does every second.</summary>
    public void ReviewConnections() => _application.Services.GetRequiredService<EdgeUpkeep>().ReviewConnections();

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        Relay.Dispose();
        await _application.DisposeAsync();
        foreach (var line in Log.Lines)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{line.Level} {line.Category} {line.EventId}: {line.Message} {line.Exception}");
        }
    }
}
