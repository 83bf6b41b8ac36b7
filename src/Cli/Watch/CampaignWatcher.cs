using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;

namespace HostAgent.Cli.Watch;

/// <summary>
/// Follows a campaign to its end. A broken stream is reopened with growing pauses for up to
/// <see cref="Patience"/>; a first call that fails is an error immediately.
/// </summary>
internal sealed class CampaignWatcher(CampaignsClient campaigns, TimeProvider time)
{
    /// <summary>How long a coordinator that answered once may be silent before the watch gives up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // The coordinator counts all items for an answer; watching must not cost it more than that now and then.
    private static readonly TimeSpan BetweenWaits = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private long _updates;

    /// <summary>Shows the campaign until it has ended, and returns it as it ended.</summary>
    /// <param name="name">campaigns/{campaign_id}.</param>
    /// <param name="display">What shows it.</param>
    /// <param name="cancellationToken">Ends the watch; the campaign continues.</param>
    /// <exception cref="RpcException">The coordinator refused, or stopped answering.</exception>
    public Task<Campaign> WatchAsync(string name, IWatchDisplay display, CancellationToken cancellationToken)
        => display.ShowAsync(async () =>
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var explaining = display.ShowsWaits ? ExplainAsync(name, display, ended.Token) : Task.CompletedTask;
            try
            {
                return await FollowAsync(name, display, cancellationToken);
            }
            finally
            {
                await ended.CancelAsync();
                await explaining;
            }
        });

    // Why items do not move follows from what has changed, so it is asked after changes, and not more often than a person reads.
    private async Task ExplainAsync(string name, IWatchDisplay display, CancellationToken ended)
    {
        var known = 0L;
        try
        {
            using var timer = new PeriodicTimer(BetweenWaits, time);
            while (await timer.WaitForNextTickAsync(ended))
            {
                var updates = Interlocked.Read(ref _updates);
                if (updates == known)
                {
                    continue;
                }

                try
                {
                    display.Explain(await campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = name }, deadline: time.GetUtcNow().UtcDateTime + LongestAnswer, cancellationToken: ended));
                    known = updates;
                }
                catch (RpcException exception) when (exception.StatusCode == StatusCode.Unimplemented)
                {
                    // An older coordinator: the campaign is shown without it.
                    return;
                }
                catch (RpcException) when (!ended.IsCancellationRequested)
                {
                    // The watch itself tells that the coordinator does not answer; it is asked again.
                }
            }
        }
        catch (Exception exception) when (ended.IsCancellationRequested && exception is OperationCanceledException or RpcException)
        {
            // The watch has ended.
        }
    }

    private async Task<Campaign> FollowAsync(string name, IWatchDisplay display, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        long? silentSince = null;
        var answered = false;
        Campaign? campaign = null;
        while (true)
        {
            string reason;
            try
            {
                using var call = campaigns.WatchCampaign(new WatchCampaignRequest { Name = name }, cancellationToken: cancellationToken);
                await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    (answered, silentSince, pause) = (true, null, FirstPause);
                    display.Update(update);
                    Interlocked.Increment(ref _updates);
                    campaign = update.Campaign ?? campaign;
                    if (!update.Snapshot && campaign is not null && campaign.State.IsTerminal())
                    {
                        return campaign;
                    }
                }

                reason = "The coordinator closed the stream before the campaign ended.";
            }
            catch (RpcException exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The watch was ended.", exception, cancellationToken);
            }
            catch (RpcException exception) when (answered && exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.DeadlineExceeded)
            {
                reason = FailureText.Sentence(exception);
            }

            silentSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(silentSince.Value) >= Patience)
            {
                throw new CommandException(ExitCode.Unreachable, $"No answer from the coordinator for {Quantity.Clock(Patience)}; the campaign may still be running. Last error: {reason}");
            }

            display.Disconnected($"Lost the connection to the coordinator; retrying in {pause.TotalSeconds:0} s: {reason}");
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
