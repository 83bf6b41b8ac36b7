using HostAgent.Coordinator.Store;

namespace HostAgent.Coordinator.Standby;

/// <summary>
/// Reads each live campaign once while another coordinator is at work on it. What a take-over needs is compiled and connected by then, which saves half a second of it, and a campaign
/// that this coordinator could not continue is reported while another one still can.
/// </summary>
internal sealed partial class AdvanceReading : IAsyncDisposable
{
    private const int Page = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IEventReader _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private HashSet<Guid> _read = [];

    /// <param name="store">The store; disposed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Receives what cannot be read.</param>
    public AdvanceReading(IEventReader store, TimeProvider time, ILogger log)
    {
        (_store, _time, _log) = (store, time, log);
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await ReadNewOnesAsync(_stopping.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The tables may be those of another version. Nothing that is wrong here may keep this coordinator from taking over.
                    LogNotRead(exception.Message);
                }

                await Task.Delay(Interval, _time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It takes over, or ends.
        }
    }

    private async Task ReadNewOnesAsync(CancellationToken cancellationToken)
    {
        var live = new HashSet<Guid>();
        CampaignPosition? after = null;
        while (await _store.ListAsync(new CampaignQuery(Page, after, [], LiveOnly: true), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (campaign, _, _) in page)
            {
                live.Add(campaign.Uid);
                if (!_read.Contains(campaign.Uid))
                {
                    await ReadAsync(campaign, cancellationToken);
                }
            }

            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }

        await _store.LoadHoldsAsync(cancellationToken);
        _read = live;
    }

    private async Task ReadAsync(NewCampaign campaign, CancellationToken cancellationToken)
    {
        try
        {
            // Not compared with the seal: the one at work may write in between.
            await CampaignReading.ReadAsync(_store, campaign.Uid, cancellationToken);
            await _store.LoadSealAsync(campaign.Uid, cancellationToken);
            await _store.LoadRequestsAsync(campaign.Uid, _time.GetUtcNow() - AnsweredRequest.Lifetime, cancellationToken);
            await _store.LoadProgressAsync(campaign.Uid, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not StoreUnavailableException)
        {
            // One that cannot be read must not keep the others from being read.
            LogUnreadable(exception, campaign.Id, exception.Message);
        }
    }

    [LoggerMessage(EventId = 3013, Level = LogLevel.Debug, Message = "The campaigns cannot be read in advance: {Explanation}")]
    private partial void LogNotRead(string explanation);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Error, Message = "{Campaign} cannot be read by this coordinator, which stands by: {Explanation}. If it took over, the campaign would be BLOCKED")]
    private partial void LogUnreadable(Exception exception, string campaign, string explanation);
}
