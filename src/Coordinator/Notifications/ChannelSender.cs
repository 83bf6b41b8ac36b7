using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Notifications.Delivery;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Store;
using HostAgent.Hosting;

namespace HostAgent.Coordinator.Notifications;

/// <summary>
/// Delivers the messages of one channel, one after another, each until it is delivered or given up. While the receiver is away only the oldest is tried, with growing waits.
/// </summary>
internal sealed partial class ChannelSender(string name, TimeSpan maxAge, NotificationOutbox outbox, IDelivery delivery, TimeProvider time, JitterSource jitter, ILogger logger)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    private readonly Wakeup _wakeup = new(time);

    /// <summary>Has it look for messages.</summary>
    public void Wake() => _wakeup.Set();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new ExponentialBackoff(FirstWait, LongestWait, () => jitter());
        var (attempts, of) = (0, "");
        while (!cancellationToken.IsCancellationRequested)
        {
            if (outbox.Next(name) is not { } message)
            {
                await _wakeup.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
                continue;
            }

            (attempts, of) = (message.Id == of ? attempts + 1 : 1, message.Id);
            try
            {
                if (await TryAsync(message, attempts, cancellationToken) is not { } result)
                {
                    backoff.Reset();
                    continue;
                }

                var wait = backoff.Next();
                if (result.RetryAfter is { } wish && wish > wait)
                {
                    wait = wish < LongestWish ? wish : LongestWish;
                }

                LogFailed(name, message.Id, result.Explanation, wait);
                await outbox.FailedAsync(name, result.Explanation);
                await Task.Delay(wait, time, cancellationToken);
            }
            catch (StoreUnavailableException exception)
            {
                LogStore(name, exception.Message);
                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }
    }

    // What is to be tried again; null when the message is done with.
    private async Task<DeliveryResult?> TryAsync(OutboxMessage message, int attempts, CancellationToken cancellationToken)
    {
        var result = await delivery.SendAsync(Letter.Of(message.Digest), cancellationToken);
        if (result.Verdict == DeliveryVerdict.Delivered)
        {
            await outbox.DeliveredAsync(message);
            return null;
        }

        var isTooOld = time.GetUtcNow() - message.CreateTime >= maxAge;
        if (result.Verdict == DeliveryVerdict.Refused || isTooOld)
        {
            await outbox.GiveUpAsync(message, attempts, isTooOld ? $"It could not be delivered within {maxAge:c}. {result.Explanation}" : result.Explanation, result.Explanation);
            return null;
        }

        return result;
    }

    [LoggerMessage(EventId = 3503, Level = LogLevel.Warning, Message = "Message {Id} to channel {Channel} was not delivered: {Explanation} Trying again in {Wait}")]
    private partial void LogFailed(string channel, string id, string explanation, TimeSpan wait);

    [LoggerMessage(EventId = 3504, Level = LogLevel.Warning, Message = "What became of a message to channel {Channel} could not be stored: {Explanation}")]
    private partial void LogStore(string channel, string explanation);
}

/// <summary>Wakes one loop; waking it twice before it looks is the same as once. Thread-safe.</summary>
internal sealed class Wakeup(TimeProvider time)
{
    private readonly System.Threading.Channels.Channel<bool> _signal =
        System.Threading.Channels.Channel.CreateBounded<bool>(new System.Threading.Channels.BoundedChannelOptions(1) { FullMode = System.Threading.Channels.BoundedChannelFullMode.DropWrite });

    public void Set() => _signal.Writer.TryWrite(true);

    /// <summary>Waits until it is woken, or until the time is over.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => WaitAsync(async token => await _signal.Reader.ReadAsync(token), longest, time, cancellationToken);

    /// <summary>Waits for a signal, or until the time is over.</summary>
    public static async Task WaitAsync(Func<CancellationToken, ValueTask> signal, TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await signal(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over.
        }
    }
}
