using System.Globalization;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Notifications;

/// <summary>Whether the channels that a campaign demands have delivered something lately.</summary>
internal sealed class ProvenChannels(NotificationOutbox outbox, TimeProvider time)
{
    /// <summary>Refuses a start while a channel that the campaign demands is not proven. A campaign that has been started is not judged.</summary>
    /// <exception cref="RpcFailure">FAILED_PRECONDITION (CHANNEL_NOT_PROVEN).</exception>
    public void Require(CampaignRun run)
    {
        // By what is shown of it: a campaign whose stored data is damaged answers no question, and refuses the command itself.
        var header = run.View.Header;
        var wanted = header.State is CampaignState.Ready or CampaignState.Scheduled ? header.Notifications : null;
        foreach (var channel in wanted?.Require ?? [])
        {
            if (WhyNot(channel, wanted!.Within) is { } reason)
            {
                throw CampaignFailures.Precondition(
                    "CHANNEL_NOT_PROVEN", $"{ResourceNames.Campaign(run.View.Campaign.Id)} demands that channel '{channel}' is proven: {reason}", ("channel", ResourceNames.NotificationChannel(channel)));
            }
        }
    }

    private string? WhyNot(string channel, TimeSpan within)
    {
        if (!outbox.Channels.ContainsKey(channel))
        {
            return outbox.Channels.Count == 0
                ? "the coordinator's settings have no channels"
                : $"the coordinator's settings have only {string.Join(", ", outbox.Channels.Keys.Order(StringComparer.Ordinal))}";
        }

        var success = outbox.Health.SingleOrDefault(health => health.Record.Name == channel)?.Record.SuccessTime;
        return success is { } last && time.GetUtcNow() - last <= within ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"it has delivered {(success is { } before ? $"nothing since {before.UtcDateTime:yyyy-MM-dd HH:mm}Z" : "nothing yet")}, and must have within {Documents.DurationText.Write(within)}; type: failback notify test {channel}");
    }
}
