using System.Net;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A coordinator on a real socket with mutual TLS, whose services answer what a test tells them to.</summary>
public sealed class FakeCoordinator : IAsyncLifetime
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("test authority", TimeProvider.System);
    private MutualTlsIdentity? _identity;
    private WebApplication? _application;

    public FakeCampaigns Campaigns { get; } = new();

    public FakeHosts Hosts { get; } = new();

    public FakeReturns Returns { get; } = new();

    public FakeDrills Drills { get; } = new();

    public FakeNotifications Notifications { get; } = new();

    public string Address { get; private set; } = "";

    public MutualTlsOptions Operator { get; private set; } = new();

    public MutualTlsOptions Viewer { get; private set; } = new();

    /// <summary>An operator of an authority that the coordinator does not know, who in turn does not know the coordinator's.</summary>
    public MutualTlsOptions Stranger { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        Operator = _authority.Issue(PeerRole.Operator, "alice", Lifetime).WriteTo(_directory.Path);
        Viewer = _authority.Issue(PeerRole.Viewer, "victor", Lifetime).WriteTo(_directory.Path);
        using var other = CertificateAuthority.Create("other authority", TimeProvider.System);
        Stranger = other.Issue(PeerRole.Operator, "mallory", Lifetime).WriteTo(Path.Combine(_directory.Path, "other"));
        var files = _authority.Issue(PeerRole.Coordinator, "coordinator", Lifetime, ["localhost"], [IPAddress.Loopback]).WriteTo(_directory.Path);
        _identity = MutualTlsIdentity.Load(files, TimeProvider.System);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMutualTls(new IPEndPoint(IPAddress.Loopback, 0), _identity));
        builder.Services.AddSingleton(Campaigns).AddSingleton(Hosts).AddSingleton(Returns).AddSingleton(Drills).AddSingleton(Notifications);
        builder.Services.AddSecuredGrpc();
        _application = builder.Build();
        _application.MapGrpcService<FakeCampaigns>();
        _application.MapGrpcService<FakeHosts>();
        _application.MapGrpcService<FakeReturns>();
        _application.MapGrpcService<FakeDrills>();
        _application.MapGrpcService<FakeNotifications>();
        await _application.StartAsync();
        Address = _application.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _identity?.Dispose();
        _authority.Dispose();
        _directory.Dispose();
    }
}
