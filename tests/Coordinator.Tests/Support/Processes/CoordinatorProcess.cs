using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Support.Processes;

/// <summary>A coordinator in a process of its own, killed when it is disposed of. Its data outlives it.</summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly GrpcChannel _channel;

    private CoordinatorProcess(ServerProcess process, GrpcChannel channel)
    {
        _process = process;
        _channel = channel;
        Campaigns = new(channel);
    }

    /// <summary>The campaigns, as an operator sees them.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient Campaigns { get; }

    /// <summary>Starts a coordinator over one agent.</summary>
    /// <param name="pki">Issues its certificate.</param>
    /// <param name="directory">Holds its inventory and its data.</param>
    /// <param name="agent">The only host.</param>
    /// <param name="disk">The disk under its data; null for one that never fails.</param>
    /// <param name="largestFile">The largest size of a file in KiB until the limit is lifted; null for no limit.</param>
    /// <param name="arguments">What else is on its command line.</param>
    public static async Task<CoordinatorProcess> StartAsync(Pki pki, string directory, FakeAgent agent, FailingFlush? disk = null, int? largestFile = null, IReadOnlyList<string>? arguments = null)
    {
        var inventory = Path.Combine(directory, "hosts.yaml");
        await File.WriteAllTextAsync(inventory, $"apiVersion: failback/v1\nkind: Inventory\nhosts: [{{name: {agent.Name}, address: '{agent.Address}', site: west, primarySite: east}}]\n");
        var files = pki.Files(PeerRole.Coordinator, "coordinator");
        var process = await ServerProcess.StartAsync(
            "HostAgent.Coordinator.dll",
            [
                "--listen", "127.0.0.1:0", "--data", Path.Combine(directory, "data"), "--inventory", inventory,
                "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
                "--Coordinator:ReconnectDelay", "00:00:00.02", "--Coordinator:MaxReconnectDelay", "00:00:00.2", "--Logging:LogLevel:Default", "Error", .. arguments ?? [],
            ],
            largestFile: largestFile,
            environment: disk?.Environment);
        return new CoordinatorProcess(process, PatientChannel.Create(process.AddressOf("Coordinator"), pki.Identity(PeerRole.Operator, "dr-lead"), PeerRole.Coordinator));
    }

    /// <summary>Lets files grow again.</summary>
    public Task LiftLimitAsync() => _process.LiftLimitAsync();

    /// <summary>Creates a campaign over every host.</summary>
    public Task<Campaign> CreateAsync(string name, params string[] spec) => Campaigns.CreateCampaignAsync(new CreateCampaignRequest
    {
        Document = new CampaignDocument { Text = Yaml.Campaign(name, spec), Source = "campaign.yaml" },
    }).ResponseAsync;

    /// <summary>Starts a campaign.</summary>
    public Task<Campaign> StartAsync(string campaign) => Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign }).ResponseAsync;

    /// <summary>A campaign as it is now.</summary>
    public Task<Campaign> GetAsync(string campaign) => Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = campaign }).ResponseAsync;

    /// <summary>Watches a campaign to its end.</summary>
    /// <returns>The campaign at its end.</returns>
    public async Task<Campaign> WatchToEndAsync(string campaign)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var call = Campaigns.WatchCampaign(new WatchCampaignRequest { Name = campaign }, cancellationToken: deadline.Token);
        var watched = new Watched();
        while (await call.ResponseStream.MoveNext(deadline.Token))
        {
            watched.Take(call.ResponseStream.Current);
            if (watched.Campaign.State is CampaignState.Completed or CampaignState.CompletedWithFailures or CampaignState.Stopped)
            {
                return watched.Campaign;
            }
        }

        throw new InvalidOperationException($"The stream ended before the campaign did: {watched.Campaign}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _process.DisposeAsync();
    }
}
