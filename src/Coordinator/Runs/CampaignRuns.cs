using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Hosts;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <summary>
/// The campaigns that are at work or were looked at lately. Those that are not terminal are taken up before the coordinator listens;
/// others are read when somebody asks for their items, and put away when nobody has for a while.
/// </summary>
internal sealed partial class CampaignRuns(RunServices services, ILogger<CampaignRuns> logger) : BackgroundService, IAsyncDisposable
{
    private const int StartPage = 200;
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private bool _isStopping;
    private int _isDisposed;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var connection in services.Registry.ByName)
        {
            connection.ReachabilityChanged += OnReachabilityChanged;
        }

        CampaignPosition? after = null;
        while (await services.Store.ListAsync(new CampaignQuery(StartPage, after, [], LiveOnly: true), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var head in page)
            {
                await TakeUpAsync(head, cancellationToken);
            }

            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAsync();
    }

    /// <summary>The run of a campaign that is at work or was looked at lately; null when it is neither.</summary>
    public CampaignRun? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id)?.Run;
        }
    }

    /// <summary>The run of a campaign, read from the store when it is not there; null when there is no such campaign.</summary>
    public async Task<CampaignRun?> GetAsync(string id, CancellationToken cancellation)
    {
        if (Touch(id) is { } known)
        {
            return known;
        }

        await _opening.WaitAsync(cancellation);
        try
        {
            if (Touch(id) is { } opened)
            {
                return opened;
            }

            if (await services.Store.FindAsync(id, cancellation) is not { } head)
            {
                return null;
            }

            return await OpenAsync(head.Campaign, cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Lets go of all campaigns also when nobody has stopped the coordinator before it is disposed of.</summary>
    public async ValueTask DisposeAsync()
    {
        // It is a service and a hosted service, and the container disposes of it as both.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await CloseAsync();
        _opening.Dispose();
        Dispose();
    }

    /// <summary>Puts away what nobody needs.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(IdleTime / 2, services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await PutAwayAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The coordinator stops.
        }
    }

    private async Task CloseAsync()
    {
        foreach (var connection in services.Registry.ByName)
        {
            connection.ReachabilityChanged -= OnReachabilityChanged;
        }

        Entry[] entries;
        await _opening.WaitAsync(CancellationToken.None);
        try
        {
            lock (_lock)
            {
                _isStopping = true;
                entries = [.. _byId.Values];
                _byId.Clear();
            }
        }
        finally
        {
            _opening.Release();
        }

        await Task.WhenAll(entries.Select(entry => entry.Run.DisposeAsync().AsTask()));
    }

    private async Task PutAwayAsync()
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

    private async Task TakeUpAsync(CampaignHead head, CancellationToken cancellation)
    {
        try
        {
            var run = await OpenAsync(head.Campaign, cancellation);
            LogTakenUp(head.Campaign.Id, (CampaignState)head.Projection.State, run.View.Header.Version, run.View.ItemCount);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // One campaign that cannot be read must not keep the others from being taken up. Whoever asks for it hears of it.
            LogNotTakenUp(exception, head.Campaign.Id);
        }
    }

    private async Task<CampaignRun> OpenAsync(NewCampaign campaign, CancellationToken cancellation)
    {
        var run = await CampaignRun.OpenAsync(campaign, services, cancellation);
        lock (_lock)
        {
            if (!_isStopping)
            {
                _byId.Add(campaign.Id, new Entry(run) { LastUse = services.Time.GetUtcNow() });

                // What a host has done between the run's first look and now was told to nobody.
                run.NoteHosts();
                return run;
            }
        }

        await run.DisposeAsync();
        throw new OperationCanceledException("The coordinator stops.");
    }

    private CampaignRun? Touch(string id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var entry))
            {
                return null;
            }

            entry.LastUse = services.Time.GetUtcNow();
            return entry.Run;
        }
    }

    private void OnReachabilityChanged(object? sender, EventArgs e)
    {
        var connection = (HostConnection)sender!;
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

    private sealed class Entry(CampaignRun run)
    {
        public CampaignRun Run { get; } = run;

        public DateTimeOffset LastUse { get; set; }
    }
}
