using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using HostAgent.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>A whole coordinator on sockets, with a data directory that outlives it.</summary>
internal sealed class TestCoordinator : IAsyncDisposable
{
    private readonly Pki _pki;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("coordinator-");
    private readonly List<GrpcChannel> _channels = [];
    private readonly string _inventory;
    private string _data;
    private WebApplication? _application;

    public TestCoordinator(Pki pki, IEnumerable<(string Name, string Address)> agents)
    {
        _pki = pki;
        _data = Path.Combine(_directory.FullName, "data");
        _inventory = Path.Combine(_directory.FullName, "hosts.yaml");
        File.WriteAllText(_inventory, "apiVersion: failback/v1\nkind: Inventory\nhosts:\n" + string.Concat(agents.Select(agent =>
            $"  - {{name: {agent.Name}, address: '{agent.Address}', {SitesOf(agent.Name)}, labels: {{rack: r1}}}}\n")));
    }

    /// <summary>The campaigns, as an operator sees them.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient Campaigns { get; private set; } = null!;

    /// <summary>The hosts, as an operator sees them.</summary>
    public Contracts.Campaigns.V1.Hosts.HostsClient Hosts { get; private set; } = null!;

    /// <summary>The clock of the coordinators that are started from now on.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What else is on the command line of the coordinators that are started from now on.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>The file of the store. Nothing writes to it while the coordinator is stopped.</summary>
    public string StoreFile => Path.Combine(_data, "campaigns.db");

    public string ReturnsFile => Path.Combine(_data, "returns.db");

    public IServiceProvider Services => _application!.Services;

    public Uri Address => new(_application!.Urls.Single());

    public async Task<TestCoordinator> StartAsync()
    {
        _application = Create();
        await _application.StartAsync();
        var channel = Connect(PeerRole.Operator, "dr-lead");
        Campaigns = new(channel);
        Hosts = new(channel);
        return this;
    }

    /// <summary>Starts one more coordinator on the same data.</summary>
    public async Task StartSecondAsync()
    {
        await using var second = Create();
    }

    private static string SitesOf(string host) => host.StartsWith("hv-east", StringComparison.Ordinal) ? "site: east, primarySite: west" : "site: west, primarySite: east";

    private WebApplication Create()
    {
        var files = _pki.Files(PeerRole.Coordinator, "coordinator");
        return CoordinatorApplication.Create(
        [
            "--listen", "127.0.0.1:0", "--data", _data, "--inventory", _inventory,
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
            "--Coordinator:ReconnectDelay", "00:00:00.02", "--Coordinator:MaxReconnectDelay", "00:00:00.2",
            "--Coordinator:ProbeInterval", "00:00:01", "--Coordinator:SnapshotEvents", "5", "--Coordinator:WatchInterval", "00:00:00.01",
            "--Logging:LogLevel:Default", "None", .. Arguments,
        ],
            Time);
    }

    /// <summary>Ends the process, as far as its data can tell; <see cref="StartAsync"/> starts the next one.</summary>
    public async Task StopAsync()
    {
        if (_application is { } application)
        {
            _application = null;
            await application.StopAsync();
            await application.DisposeAsync();
        }
    }

    /// <summary>
    /// What a kill at this moment would leave behind: the files as they are. The next <see cref="StartAsync"/> starts from them,
    /// whatever the coordinator writes until it is stopped.
    /// </summary>
    public void KeepOnlyWhatIsDurableNow()
    {
        var kept = _directory.CreateSubdirectory("kept").FullName;
        foreach (var file in Directory.EnumerateFiles(_data, "campaigns.db*"))
        {
            File.Copy(file, Path.Combine(kept, Path.GetFileName(file)));
        }

        _data = kept;
    }

    /// <summary>Copies the stores of a coordinator that is stopped.</summary>
    /// <returns>What <see cref="Restore"/> takes.</returns>
    public string Backup()
    {
        var backup = _directory.CreateSubdirectory("backup").FullName;
        foreach (var file in Directory.EnumerateFiles(_data, "*.db*"))
        {
            File.Copy(file, Path.Combine(backup, Path.GetFileName(file)));
        }

        return backup;
    }

    /// <summary>Has the next <see cref="StartAsync"/> start from a backup.</summary>
    public void Restore(string backup) => _data = backup;

    public GrpcChannel Connect(PeerRole role, string name) => Connect(_pki.Identity(role, name));

    public GrpcChannel Connect(MutualTlsIdentity identity)
    {
        var channel = PatientChannel.Create(Address, identity, PeerRole.Coordinator);
        _channels.Add(channel);
        return channel;
    }

    public Task<Campaign> CreateAsync(string yaml, string id = "") => Campaigns.CreateCampaignAsync(new CreateCampaignRequest
    {
        CampaignId = id,
        Document = new CampaignDocument { Text = yaml, Source = "campaign.yaml" },
    }).ResponseAsync;

    public async Task<Campaign> CreateAndStartAsync(string yaml)
    {
        var campaign = await CreateAsync(yaml);
        return await Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
    }

    /// <summary>Watches until the condition holds for what was told.</summary>
    public async Task<Watched> WatchAsync(string campaign, Func<Watched, bool> until, string what)
    {
        var watched = new Watched();
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var call = Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign }, cancellationToken: deadline.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(deadline.Token))
            {
                watched.Take(call.ResponseStream.Current);
                if (watched.IsComplete && until(watched))
                {
                    return watched;
                }
            }
        }
        catch (Grpc.Core.RpcException late) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {Limits.Patience} in vain for: {what}. Last: {watched.Campaign}", late);
        }

        throw new InvalidOperationException($"The stream ended before: {what}. Last: {watched.Campaign}");
    }

    /// <summary>Watches a campaign to its end.</summary>
    public Task<Watched> WatchToEndAsync(string campaign) =>
        WatchAsync(campaign, watched => watched.Campaign.State is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped, "the end of the campaign");

    /// <summary>The audit of a campaign as an operator exports it.</summary>
    public async Task<List<Contracts.Campaigns.V1.AuditRecord>> AuditAsync(string campaign)
    {
        using var call = Campaigns.ExportAudit(new ExportAuditRequest { Name = campaign });
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    public T Get<T>()
        where T : notnull
        => Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _channels.ForEach(channel => channel.Dispose());
        _directory.Delete(recursive: true);
    }
}
