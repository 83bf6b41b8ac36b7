using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Runs;

/// <content>Loads campaigns, and retries those that could not be loaded.</content>
internal sealed partial class CampaignRuns
{
    private async Task ResumeAllAsync(CancellationToken cancellationToken)
    {
        // Before any campaign may start an item: holds count even when their campaign cannot be resumed.
        foreach (var hold in await services.Store.LoadHoldsAsync(cancellationToken))
        {
            services.Holds.Set(hold);
        }

        CampaignPosition? after = null;
        while (await services.Store.ListAsync(new CampaignQuery(StartPage, after, [], LiveOnly: true), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var head in page)
            {
                await ResumeAsync(head, cancellationToken);
            }

            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }
    }

    private async Task ResumeAsync(CampaignHead head, CancellationToken cancellationToken)
    {
        try
        {
            var run = await OpenAsync(head.Campaign, cancellationToken);
            LogResumed(head.Campaign.Id, (CampaignState)head.Projection.State, run.View.Header.Version, run.View.ItemCount);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A campaign that cannot be loaded must not keep the others from being resumed.
            Note(head.Campaign.Id, exception, isLive: true);
        }
    }

    /// <summary>Records why a campaign could not be loaded, and schedules a retry if it has not ended.</summary>
    private Trouble Note(string id, Exception exception, bool isLive)
    {
        LogNotResumed(exception, id);
        var isFinal = exception is StreamDamagedException;
        var trouble = new Trouble(exception.Message, isFinal ? null : services.CreateBackoff().Next());
        lock (_lock)
        {
            if (isFinal || isLive)
            {
                var isNew = !_troubles.ContainsKey(id);
                _troubles[id] = trouble;
                if (isNew && !isFinal && !_isStopping)
                {
                    _retries.Add(Task.Run(() => RetryAsync(id), CancellationToken.None));
                }
            }
        }

        services.Changes.MarkCampaign(id);
        return trouble;
    }

    private async Task RetryAsync(string id)
    {
        try
        {
            var backoff = services.CreateBackoff();
            while (true)
            {
                await Task.Delay(backoff.Next(), services.Time, _stopping.Token);
                await _opening.WaitAsync(_stopping.Token);
                try
                {
                    if (Touch(id) is null && await services.Store.FindAsync(id, _stopping.Token) is { } head)
                    {
                        var run = await OpenAsync(head.Campaign, _stopping.Token);
                        LogResumed(id, (CampaignState)head.Projection.State, run.View.Header.Version, run.View.ItemCount);
                    }
                    else
                    {
                        // It is open, or was deleted.
                        Forget(id);
                    }

                    return;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    if (Note(id, exception, isLive: true).RetryDelay is null)
                    {
                        return;
                    }
                }
                finally
                {
                    _opening.Release();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The coordinator is stopping.
        }
    }

    private async Task<CampaignRun> OpenAsync(NewCampaign campaign, CancellationToken cancellationToken)
    {
        var run = await CampaignRun.OpenAsync(campaign, services, cancellationToken);
        lock (_lock)
        {
            if (!_isStopping)
            {
                _troubles.Remove(campaign.Id);
                _byId.Add(campaign.Id, new Entry(run) { LastUse = services.Time.GetUtcNow() });

                // No event reported host changes between the run's first check and now.
                run.NoteHosts();
                return run;
            }
        }

        await run.DisposeAsync();
        throw new OperationCanceledException("The coordinator is stopping.");
    }

    private void Forget(string id)
    {
        lock (_lock)
        {
            _troubles.Remove(id);
        }
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
}
