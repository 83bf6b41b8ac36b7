using System.Net;
using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Edge;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>A real server on a real socket: the Failback service behind the transport's doors, with roles for some of its methods.</summary>
internal sealed class SecuredServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<GrpcChannel> _channels = [];

    private SecuredServer(WebApplication application, CollectedLog log)
    {
        _application = application;
        Log = log;
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith("https:", StringComparison.Ordinal)));
    }

    public Uri Address { get; }

    public CollectedLog Log { get; }

    /// <summary>How many connections the server counts as open.</summary>
    public int OpenConnections => _application.Services.GetRequiredService<Admission>().Open;

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => _application.Lifetime.ApplicationStopping;

    public static async Task<SecuredServer> StartAsync(MutualTlsIdentity identity, ScriptedFailback? service = null, TimeProvider? time = null, EdgeLimits? limits = null, InProcessServer? door = null, bool acceptsRelayed = false, ServerInterruption? interruption = null)
    {
        var log = new CollectedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenMutualTls(new IPEndPoint(IPAddress.Loopback, 0), identity, acceptsRelayed);
            if (door is not null)
            {
                kestrel.ListenInProcess(door);
            }
        });
        builder.Services.AddSingleton(service ?? new ScriptedFailback());
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(limits ?? EdgeLimits.Default);
        if (interruption is not null)
        {
            builder.Services.AddSingleton(interruption);
        }

        builder.Services.AddSecuredGrpc();
        if (door is not null)
        {
            builder.Services.AddInProcess(door);
        }

        var application = builder.Build();
        application.MapGrpcService<ScriptedFailback>();
        application.MapSecuredGrpc();
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new SecuredServer(application, log);
    }

    public GrpcChannel Channel(MutualTlsIdentity client, PeerRole expectedRole = PeerRole.Agent, string? expectedName = "hv-01")
    {
        var channel = MutualTlsChannel.Create(Address, client, expectedRole, expectedName);
        _channels.Add(channel);
        return channel;
    }

    public Failback.FailbackClient Client(MutualTlsIdentity client, PeerRole expectedRole = PeerRole.Agent, string? expectedName = "hv-01")
        => new(Channel(client, expectedRole, expectedName));

    /// <summary>Looks at the certificate files now, as the server does every few seconds or, when <paramref name="always"/>, on SIGHUP.</summary>
    public void LookAtFiles(bool always = false) => _application.Services.GetRequiredService<EdgeUpkeep>().LookAtFiles(always);

    /// <summary>Looks at deny list and connections now, as the server does every second.</summary>
    public void ReviewConnections() => _application.Services.GetRequiredService<EdgeUpkeep>().ReviewConnections();

    public Task StopAsync() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        await _application.DisposeAsync();
        foreach (var line in Log.Lines)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{line.Level} {line.Category} {line.EventId}: {line.Message} {line.Exception}");
        }
    }
}
