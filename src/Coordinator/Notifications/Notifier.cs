using System.Text.Json;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Notices;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Watching;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Notifications;

/// <summary>
/// Reads the stored events of campaigns behind their runs, puts what people are told of them into the outbox, and has it delivered. No run waits for it: it learns that a campaign has
/// changed as a watcher does, and reads the events from the store. Where it stopped is durable together with what it has put there, so nothing is lost, and what is told twice has the same id.
/// </summary>
internal sealed partial class Notifier(
    NotificationOutbox outbox, IEventStore store, CampaignRuns runs, EstateChanges changes, IOptions<CoordinatorOptions> options, TimeProvider time, JitterSource jitter, ILogger<Notifier> logger)
    : BackgroundService
{
    private const int PageOfCampaigns = 200;
    private const int MostAtOnce = 500;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, (Guid Uid, NoticeReader Reader)> _readers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly EstateSubscription _subscription = new();

    /// <summary>One way to each receiver; also for tests of a channel.</summary>
    public IReadOnlyDictionary<string, IDelivery> Deliveries { get; } =
        outbox.Channels.ToDictionary(channel => channel.Key, channel => Delivery.Deliveries.Of(channel.Key, channel.Value, time), StringComparer.Ordinal);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (outbox.Channels.Count == 0)
        {
            return;
        }

        // Before any campaign goes on: where the events are that nobody was to be told of. What changes from here on is seen.
        changes.Subscribe(_subscription);
        var heads = await ReadHeadsAsync(cancellationToken);
        await outbox.LoadAsync(heads.ToDictionary(head => head.Campaign.Uid, head => head.Version), cancellationToken);
        _changed.UnionWith(heads.Where(head => head.Version > outbox.CursorOf(head.Campaign.Uid)).Select(head => head.Campaign.Id));
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var delivery in Deliveries.Values)
        {
            delivery.Dispose();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var senders = Deliveries.ToDictionary(
            one => one.Key, one => new ChannelSender(one.Key, options.Value.Notifications.MaxAge, outbox, one.Value, time, jitter, logger), StringComparer.Ordinal);
        outbox.Ready = channel => senders.GetValueOrDefault(channel)?.Wake();
        await Task.WhenAll([KeepAsync(ReadAsync, stoppingToken), .. senders.Values.Select(sender => KeepAsync(sender.RunAsync, stoppingToken))]);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Unsubscribe(_subscription);
        await base.StopAsync(cancellationToken);
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        var backoff = new ExponentialBackoff(FirstWait, LongestWait, () => jitter());
        _readers.Clear();
        while (!stoppingToken.IsCancellationRequested)
        {
            _changed.UnionWith(_subscription.Take().Campaigns);
            TimeSpan wait;
            try
            {
                foreach (var id in _changed.ToList())
                {
                    await ReadAsync(id, stoppingToken);
                    _changed.Remove(id);
                }

                var next = await outbox.SealAsync();
                wait = next is { } due ? due - time.GetUtcNow() : Timeout.InfiniteTimeSpan;
                backoff.Reset();
            }
            catch (StoreUnavailableException exception)
            {
                // What was read and could not be kept is read again from the first event on.
                _readers.Clear();
                wait = backoff.Next();
                LogStore(exception.Message, wait);
                await Task.Delay(wait, time, stoppingToken);
                continue;
            }

            await Wakeup.WaitAsync(_subscription.WaitAsync, wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : wait, time, stoppingToken);
        }
    }

    private async Task ReadAsync(string id, CancellationToken cancellationToken)
    {
        var (uid, version) = runs.Find(id) is { } run ? (run.View.Campaign.Uid, run.View.Header.Version)
            : await store.FindAsync(id, cancellationToken) is { } head ? (head.Campaign.Uid, head.Version) : default;
        if (_readers.TryGetValue(id, out var known) && known.Uid != uid)
        {
            // It was deleted, and there may be another of its name.
            _readers.Remove(id);
            known = default;
        }

        // A percentage is no event, and most changes are percentages.
        if (uid == Guid.Empty || version <= (known.Reader?.Version ?? outbox.CursorOf(uid)))
        {
            return;
        }

        try
        {
            await ReadAsync(id, uid, known.Reader ?? new NoticeReader(), cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The campaign itself is BLOCKED for it, which is shown and told by the coordinator's own alerts.
            _readers.Remove(id);
            LogUnreadable(id, exception.Message);
        }
    }

    private async Task ReadAsync(string id, Guid uid, NoticeReader reader, CancellationToken cancellationToken)
    {
        var told = outbox.CursorOf(uid);
        var notices = new List<Notice>();
        await foreach (var stored in store.LoadAsync(uid, reader.Version, cancellationToken))
        {
            var read = reader.Read(CampaignEventCodec.Read(stored.Data));
            notices.AddRange(stored.Version > told ? read : []);
            if (notices.Count >= MostAtOnce)
            {
                await TakeAsync(id, uid, reader, notices);
            }
        }

        await TakeAsync(id, uid, reader, notices);
        if (reader.Status.IsTerminal())
        {
            // Its state is no longer needed, unless a person has it go on.
            _readers.Remove(id);
        }
        else
        {
            _readers[id] = (uid, reader);
        }
    }

    // Events of which nobody is told need no cursor: after a restart they are read again, and tell nothing again.
    private async Task TakeAsync(string id, Guid uid, NoticeReader reader, List<Notice> notices)
    {
        if (notices.Count > 0)
        {
            await outbox.TakeAsync(new CampaignNews(id, uid, UpperSnake.Of(reader.Status), reader.Version, [.. notices]));
            notices.Clear();
        }
    }

    private async Task<IReadOnlyList<CampaignHead>> ReadHeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new List<CampaignHead>();
        CampaignPosition? after = null;
        while (await store.ListAsync(new CampaignQuery(PageOfCampaigns, after, [], LiveOnly: false), cancellationToken) is { Count: > 0 } page)
        {
            heads.AddRange(page);
            after = new CampaignPosition(page[^1].Campaign.CreateTime, page[^1].Campaign.Uid);
        }

        return heads;
    }

    // Whatever goes wrong here must end neither the coordinator nor, for good, what people are told.
    private async Task KeepAsync(Func<CancellationToken, Task> run, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogBroken(exception);
                await Task.Delay(LongestWait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(EventId = 3505, Level = LogLevel.Warning, Message = "What campaigns have done could not be read or kept to be told: {Explanation} Trying again in {Wait}")]
    private partial void LogStore(string explanation, TimeSpan wait);

    [LoggerMessage(EventId = 3507, Level = LogLevel.Error, Message = "Telling people failed, and is begun again in a minute")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(EventId = 3506, Level = LogLevel.Error, Message = "The events of campaign {Campaign} cannot be read, and nobody is told of them: {Explanation}")]
    private partial void LogUnreadable(string campaign, string explanation);
}
