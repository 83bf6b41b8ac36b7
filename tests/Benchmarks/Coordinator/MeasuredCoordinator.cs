using System.Diagnostics;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Tests.Shared.Processes;
using HostAgent.Transport;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>The coordinator as it ships, in a process of its own before agents in others, with a meter in it; and an operator's channel to it.</summary>
internal sealed class MeasuredCoordinator : IAsyncDisposable
{
    private const int HostsPerPage = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly AgentEstate _estate;
    private readonly ServerProcess _process;
    private readonly string _pipe;
    private readonly GrpcChannel _channel;

    private MeasuredCoordinator(AgentEstate estate, ServerProcess process, string pipe)
    {
        (_estate, _process, _pipe) = (estate, process, pipe);
        _channel = Connect();
        Campaigns = new(_channel);
    }

    /// <summary>Its campaigns.</summary>
    public Contracts.Campaigns.V1.Campaigns.CampaignsClient Campaigns { get; }

    /// <summary>Starts one with an empty store, and waits until it has reached every agent.</summary>
    /// <param name="estate">The agents.</param>
    /// <param name="store">The settings of its store; none for SQLite.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<MeasuredCoordinator> StartAsync(AgentEstate estate, IReadOnlyList<string> store, CancellationToken cancellation)
    {
        var pipe = $"benchmark-{Guid.NewGuid():N}";
        var files = estate.CoordinatorFiles;
        var process = await ServerProcess.StartAsync(
            [
                "--listen", "127.0.0.1:0", "--data", estate.NewDirectory(), "--inventory", estate.Inventory,
                "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!, .. store,
            ],
            ServerSettings.Plain with { Assembly = "HostAgent.Coordinator.dll", Environment = ProcessMeter.Variables(pipe) });
        var coordinator = new MeasuredCoordinator(estate, process, pipe);
        try
        {
            await coordinator.ReachAllAsync(cancellation);
            return coordinator;
        }
        catch
        {
            await coordinator.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of its own.</summary>
    public GrpcChannel Connect() => PatientChannel.Create(_process.Address, _estate.OperatorIdentity, PeerRole.Coordinator);

    /// <summary>What its process has used.</summary>
    public Task<ProcessFigures> ReadAsync(bool collect, CancellationToken cancellation) => ProcessMeter.AskAsync(_pipe, collect, cancellation);

    /// <summary>Its memory.</summary>
    public async Task<MemoryFigures> ReadMemoryAsync(CancellationToken cancellation)
    {
        // As it is; then what of it is alive.
        var resident = (await ReadAsync(collect: false, cancellation)).ResidentBytes;
        return new MemoryFigures(Megabytes(resident), Megabytes((await ReadAsync(collect: true, cancellation)).HeapBytes));
    }

    /// <summary>Creates a campaign, and does not start it.</summary>
    public async Task<Campaign> CreateAsync(string document, int items, CancellationToken cancellation)
    {
        var campaign = await Campaigns.CreateCampaignAsync(
            new CreateCampaignRequest { Document = new CampaignDocument { Text = document, Source = "benchmark.yaml" }, AcceptWarnings = true }, deadline: Deadline(), cancellationToken: cancellation);
        return campaign.Counts.Total == items ? campaign : throw new InvalidOperationException($"The campaign has {campaign.Counts.Total} items; {items} were wanted. {campaign.Explanation}");
    }

    /// <summary>Runs the next campaign of its agents, and measures it.</summary>
    public async Task<CampaignFigures> RunAsync(int items, int inFlight, CancellationToken cancellation)
    {
        var document = await _estate.NextAsync(items, inFlight, cancellation);
        var creating = Stopwatch.GetTimestamp();
        var campaign = await CreateAsync(document, items, cancellation);
        var createSeconds = Stopwatch.GetElapsedTime(creating).TotalSeconds;
        var (before, agentsBefore) = (await ReadAsync(collect: false, cancellation), await _estate.CpuSecondsAsync(cancellation));
        await Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name }, deadline: Deadline(), cancellationToken: cancellation);
        campaign = await UntilAsync(campaign.Name, now => now.EndTime is not null, cancellation);
        var (after, agentsAfter) = (await ReadAsync(collect: false, cancellation), await _estate.CpuSecondsAsync(cancellation));
        if (campaign.Counts.Succeeded != items)
        {
            throw new InvalidOperationException($"Only {campaign.Counts.Succeeded} of {items} items have succeeded: {campaign.Explanation}");
        }

        var seconds = (campaign.EndTime.ToDateTimeOffset() - campaign.StartTime.ToDateTimeOffset()).TotalSeconds;
        return new CampaignFigures(
            items,
            Math.Round(createSeconds, 3),
            Math.Round(items / seconds, 1),
            Math.Round((after.CpuSeconds - before.CpuSeconds) * 1e6 / items, 1),
            Math.Round((agentsAfter - agentsBefore) * 1e6 / items, 1),
            Math.Round((double)(after.AllocatedBytes - before.AllocatedBytes) / items),
            Math.Round((after.Commits - before.Commits) * 1e3 / items, 1),
            Math.Round((after.PauseSeconds - before.PauseSeconds) / seconds, 3));
    }

    /// <summary>Waits until a campaign is shown as wanted.</summary>
    public async Task<Campaign> UntilAsync(string name, Func<Campaign, bool> reached, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (true)
        {
            var campaign = await Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = name }, deadline: Deadline(), cancellationToken: cancellation);
            if (reached(campaign))
            {
                return campaign;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"{name} did not get there within {Patience}: {campaign.State}, {campaign.Counts}. {campaign.Explanation}\n{_process.Output}");
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _process.DisposeAsync();
    }

    private async Task ReachAllAsync(CancellationToken cancellation)
    {
        var hosts = new Contracts.Campaigns.V1.Hosts.HostsClient(_channel);
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.2));
        while (await CountReachableAsync(hosts, cancellation) is var reached && reached < _estate.Agents)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"The coordinator has reached {reached} of {_estate.Agents} agents within {Patience}.\n{_process.Output}");
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private static async Task<int> CountReachableAsync(Contracts.Campaigns.V1.Hosts.HostsClient hosts, CancellationToken cancellation)
    {
        var (count, token) = (0, "");
        do
        {
            var page = await hosts.ListHostsAsync(
                new ListHostsRequest { PageSize = HostsPerPage, PageToken = token, Reachabilities = { Reachability.Reachable } }, deadline: Deadline(), cancellationToken: cancellation);
            (count, token) = (count + page.Hosts.Count, page.NextPageToken);
        }
        while (token.Length > 0);
        return count;
    }

    private static DateTime Deadline() => TimeProvider.System.GetUtcNow().UtcDateTime + Patience;

    private static double Megabytes(long bytes) => Math.Round(bytes / 1e6, 1);
}
