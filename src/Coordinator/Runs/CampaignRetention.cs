using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Runs;

/// <summary>Deletes campaigns that ended longer ago than the retention. Off unless <see cref="CoordinatorOptions.CampaignRetention"/> is set.</summary>
internal sealed partial class CampaignRetention(
    CampaignRuns runs,
    IEventStore store,
    TimeProvider time,
    IOptions<CoordinatorOptions> options,
    ILogger<CampaignRetention> logger) : BackgroundService
{
    private const int Page = 200;
    private const string Coordinator = "coordinator";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);
    private static readonly int[] Ended = [(int)CampaignState.Completed, (int)CampaignState.CompletedWithFailures, (int)CampaignState.Stopped];

    /// <summary>Deletes every campaign that ended at least this long ago.</summary>
    public async Task SweepAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        // No campaign was created after it ended, so newer ones can be skipped.
        var limit = time.GetUtcNow() - retention;
        CampaignPosition? after = null;
        while (await store.ListAsync(new CampaignQuery(Page, after, Ended, LiveOnly: false) { Latest = limit }, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var head in page)
            {
                if (Campaign.Parser.ParseFrom(head.Projection.Summary.Span).EndTime?.ToDateTimeOffset() is { } end && end <= limit)
                {
                    await DeleteAsync(head.Campaign.Id, end, retention, cancellationToken);
                }
            }

            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.CampaignRetention is not { } retention)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                try
                {
                    await SweepAsync(retention, stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogNotSwept(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The coordinator is stopping.
        }
    }

    private async Task DeleteAsync(string id, DateTimeOffset end, TimeSpan retention, CancellationToken cancellationToken)
    {
        var act = AuditEntry.OfCoordinator(time.GetUtcNow(), Coordinator, "campaign-deleted", ResourceNames.Campaign(id), new { ended = end, retention });
        try
        {
            await runs.DeleteAsync(id, Coordinator, act, cancellationToken);
        }
        catch (RpcFailure failure)
        {
            // A campaign that is being retried or deleted, or that cannot be read, must not block the others.
            LogNotDeleted(id, failure.Message);
        }
    }

    [LoggerMessage(EventId = 3331, Level = LogLevel.Error, Message = "Deleting expired campaigns failed; retrying in 15 minutes")]
    private partial void LogNotSwept(Exception failure);

    [LoggerMessage(EventId = 3332, Level = LogLevel.Warning, Message = "{Campaign}: deletion after its retention failed: {Explanation}")]
    private partial void LogNotDeleted(string campaign, string explanation);
}
