using System.Data.Common;
using HostAgent.Campaigns.Messages;

namespace HostAgent.Faults.Histories;

/// <summary>Reads the events of a campaign from the coordinator's database, whichever it is.</summary>
internal static class StoreReader
{
    private const string Events = "SELECT e.version, e.data, c.uid FROM events e JOIN campaigns c ON c.uid = e.campaign WHERE c.id = @id ORDER BY e.version";

    /// <summary>Reads the campaign's uid, and its events.</summary>
    /// <param name="database">The database, open.</param>
    /// <param name="campaign">The campaign's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<(Guid Uid, IReadOnlyList<Stored> Stored)> ReadAsync(DbConnection database, string campaign, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = Events;
        var id = command.CreateParameter();
        (id.ParameterName, id.Value) = ("id", campaign);
        command.Parameters.Add(id);
        var (uid, stored) = (Guid.Empty, new List<Stored>());
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            uid = rows.GetGuid(2);
            stored.AddRange(Of(rows.GetInt64(0), CampaignEventCodec.Read(rows.GetString(1))));
        }

        return (uid, stored);
    }

    /// <summary>The facts of an event: one, but for a plan and for the end of several causes.</summary>
    public static IEnumerable<Stored> Of(long version, CampaignEvent campaignEvent)
    {
        var name = CampaignEventCodec.NameOf(campaignEvent);
        return campaignEvent switch
        {
            ItemsPlanned planned => planned.Items.Select(item => new Stored(version, planned.At, Fact.Planned, item.Id, item.Host) { Machine = item.VirtualMachineId }),
            CampaignPaused paused => [Make(Fact.Paused, null, paused.Cause.ToString())],
            CampaignResumed resumed => resumed.Causes.Select(cause => Make(Fact.Resumed, null, cause.ToString())),
            CampaignStopping => [Make(Fact.Stopping, null, name)],
            CampaignEnded ended => [Make(Fact.Ended, null, ended.Status.ToString())],
            CampaignReopened => [Make(Fact.Reopened, null, name)],
            ToleranceBreached => [Make(Fact.Breached, null, name)],
            ItemStarting starting => [Make(Fact.Starting, starting.Item, $"{name} {starting.OperationId}") with { Attempt = starting.Attempt }],
            ItemSucceeded succeeded => [Make(Fact.Succeeded, succeeded.Item, $"{name}: {succeeded.Explanation}")],
            ItemFailed failed => [Make(Fact.Failed, failed.Item, $"{name} {failed.Reason}: {failed.Explanation}")],
            ItemCancelled cancelled => [Make(Fact.Cancelled, cancelled.Item, $"{name}: {cancelled.Explanation}")],
            ItemSkipped skipped => [Make(Fact.Skipped, skipped.Item, $"{name}: {skipped.Explanation}")],
            ItemOutcomeUnknown unknown => [Make(Fact.Unknown, unknown.Item, $"{name} {unknown.Reason}: {unknown.Explanation}")],
            ItemResolved resolved => [Make(Fact.Resolved, resolved.Item, $"{name} {(resolved.Succeeded ? "succeeded" : "failed")}: {resolved.Reason}")],
            ItemRetryRequested requested => [Make(Fact.RetryRequested, requested.Item, name)],
            ItemRetryScheduled scheduled => [Make(Fact.Parked, scheduled.Item, $"{name} {scheduled.Reason}: {scheduled.Explanation}")],
            ItemRechecking rechecking => [Make(Fact.Parked, rechecking.Item, $"{name} {rechecking.Reason}: {rechecking.Explanation}")],
            ItemStepDone done => [Make(Fact.Parked, done.Item, $"{name}: {done.Explanation}")],
            ItemAsks asks => [Make(Fact.Parked, asks.Item, $"{name} {asks.Code}: {asks.Explanation}")],
            ItemAccepted or ItemRunning or ItemRedelivered => [Make(Fact.Progress, ((ItemEvent)campaignEvent).Item, name)],
            ItemUndelivered undelivered => [Make(Fact.Other, undelivered.Item, $"{name}: {undelivered.Explanation}")],
            ItemEvent about => [Make(Fact.Other, about.Item, name)],
            HostLost lost => [Make(Fact.Other, null, $"{name} {lost.Host}: {lost.Explanation}")],
            HostFound found => [Make(Fact.Other, null, $"{name} {found.Host}")],
            EpochAdvanced advanced => [Make(Fact.Other, null, $"{name} {advanced.Epoch}")],
            _ => [Make(Fact.Other, null, name)],
        };

        Stored Make(Fact fact, string? item, string text) => new(version, campaignEvent.At, fact, item, text);
    }
}
