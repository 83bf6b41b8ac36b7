using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// The campaigns that are running or were recently used. Campaigns that are not terminal are resumed before the coordinator listens;
/// others are loaded when a caller asks for their items, and unloaded when unused for a while.
/// </summary>
internal sealed partial class CampaignRuns(RunServices services, ILogger<CampaignRuns> logger) : BackgroundService, IAsyncDisposable
{
    private const int StartPage = 200;
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Trouble> _troubles = new(StringComparer.Ordinal);
    private readonly List<Task> _retries = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isStopping;
    private int _isDisposed;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var connection in services.Registry.ByName)
        {
            connection.ReachabilityChanged += OnReachabilityChanged;
        }

        await StoreStart.RunAsync(() => ResumeAllAsync(cancellationToken));
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAsync();
    }

    /// <summary>The run of a loaded campaign; null when it is not loaded.</summary>
    public CampaignRun? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id)?.Run;
        }
    }

    /// <summary>The campaigns that are loaded: those that have not ended, and others that were used lately.</summary>
    public IReadOnlyList<CampaignRun> Loaded
    {
        get
        {
            lock (_lock)
            {
                return [.. _byId.Values.Select(entry => entry.Run)];
            }
        }
    }

    /// <summary>Why a campaign cannot be resumed; null when there is no known reason.</summary>
    public Trouble? TroubleOf(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id)?.Run.Damage is { } damage ? new Trouble(damage, null) : _troubles.GetValueOrDefault(id);
        }
    }

    /// <summary>A stored campaign in its current state, without its document.</summary>
    public Campaign Show(CampaignHead head)
    {
        var campaign = Find(head.Campaign.Id) is { Damage: null } run
            ? run.View.ToMessage(withDocument: false)
            : Campaign.Parser.ParseFrom(head.Projection.Summary.Span);
        return TroubleOf(head.Campaign.Id)?.Show(campaign) ?? campaign;
    }

    /// <summary>The items of all campaigns that have not ended except one, by machine and host, each with the campaign's resource name.</summary>
    public IReadOnlyDictionary<(Guid Machine, string Host), string> ItemsElsewhere(string campaign)
    {
        Entry[] entries;
        lock (_lock)
        {
            entries = [.. _byId.Values];
        }

        var items = new Dictionary<(Guid, string), string>();
        foreach (var view in entries.Select(entry => entry.Run.View).Where(view => !view.Header.IsTerminal))
        {
            var name = ResourceNames.Campaign(view.Campaign.Id);
            if (name != campaign && !view.Header.OnlyTests)
            {
                view.ForEachUnfinished(item => items[(Guid.Parse(item.VirtualMachineId), item.Host)] = name);
            }
        }

        return items;
    }

    /// <summary>The run of a campaign, loaded from the store if necessary; null when there is no such campaign.</summary>
    /// <exception cref="RpcFailure">UNAVAILABLE (NOT_TAKEN_UP) while it cannot be loaded, DATA_LOSS (STREAM_DAMAGED) when its stored data is damaged.</exception>
    public async Task<CampaignRun?> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (Touch(id) is { } known)
        {
            return known.Damage is { } damage ? throw CampaignFailures.StreamDamaged(ResourceNames.Campaign(id), damage) : known;
        }

        if (TroubleOf(id) is { } trouble)
        {
            throw trouble.ToFailure(id);
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (Touch(id) is { } opened)
            {
                return opened;
            }

            if (await services.Store.FindAsync(id, cancellationToken) is not { } head)
            {
                return null;
            }

            try
            {
                return await OpenAsync(head.Campaign, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException and not RpcFailure)
            {
                throw Note(head.Campaign.Id, exception, !head.Projection.IsTerminal).ToFailure(id);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Closes all campaigns, also when the coordinator is disposed without being stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        // Registered both as a service and as a hosted service, so the container disposes it twice.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await CloseAsync();
        _opening.Dispose();
        _stopping.Dispose();
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(IdleTime / 2, services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await EvictAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The coordinator is stopping.
        }
    }

    private async Task CloseAsync()
    {
        foreach (var connection in services.Registry.ByName)
        {
            connection.ReachabilityChanged -= OnReachabilityChanged;
        }

        Entry[] entries;
        Task[] retries;
        await _stopping.CancelAsync();
        await _opening.WaitAsync(CancellationToken.None);
        try
        {
            lock (_lock)
            {
                _isStopping = true;
                entries = [.. _byId.Values];
                retries = [.. _retries];
                _byId.Clear();
            }
        }
        finally
        {
            _opening.Release();
        }

        await Task.WhenAll(retries);
        await Task.WhenAll(entries.Select(entry => entry.Run.DisposeAsync().AsTask()));
    }

    private async Task EvictAsync()
    {
        Entry[] idle;
        lock (_lock)
        {
            var limit = services.Time.GetUtcNow() - IdleTime;
            idle = [.. _byId.Values.Where(entry => entry.LastUse < limit && entry.Run.IsIdle && !entry.Run.View.IsWatched)];
            foreach (var entry in idle)
            {
                _byId.Remove(entry.Run.View.Campaign.Id);
            }
        }

        foreach (var entry in idle)
        {
            await entry.Run.DisposeAsync();
        }
    }

    private void OnReachabilityChanged(object? sender, EventArgs e)
    {
        var connection = (AgentConnection)sender!;
        services.Changes.MarkHost(connection.Host.Name);
        Entry[] entries;
        lock (_lock)
        {
            entries = [.. _byId.Values];
        }

        foreach (var entry in entries)
        {
            entry.Run.NoteHost(connection);
        }
    }

    /// <summary>Why a campaign is not running.</summary>
    /// <param name="Explanation">The finding.</param>
    /// <param name="RetryDelay">The approximate time until the next try; null when only a person can help.</param>
    internal sealed record Trouble(string Explanation, TimeSpan? RetryDelay)
    {
        /// <summary>The failure of a call that needs the campaign.</summary>
        public RpcFailure ToFailure(string id) => RetryDelay is { } again
            ? CampaignFailures.NotResumed(ResourceNames.Campaign(id), Explanation, again)
            : CampaignFailures.StreamDamaged(ResourceNames.Campaign(id), Explanation);

        /// <summary>Shows it on a campaign's last stored state.</summary>
        public Campaign Show(Campaign campaign)
        {
            campaign.State = CampaignState.Blocked;
            campaign.Explanation = RetryDelay is null ? Explanation : $"Loading failed and will be retried: {Explanation}";
            return campaign;
        }
    }

    private sealed class Entry(CampaignRun run)
    {
        public CampaignRun Run { get; } = run;

        public DateTimeOffset LastUse { get; set; }
    }
}
