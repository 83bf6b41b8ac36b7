using System.Diagnostics.Metrics;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Telemetry;

namespace HostAgent.Coordinator.Notifications;

/// <summary>How the channels are doing, read when a collector asks. A channel's name is a tag: they are few.</summary>
internal sealed class NotificationMetrics
{
    private readonly NotificationOutbox _outbox;

    public NotificationMetrics(NotificationOutbox outbox, IMeterFactory meters)
    {
        _outbox = outbox;
        var meter = meters.Create(CoordinatorTelemetry.Name);
        meter.CreateObservableUpDownCounter("failback.notification.pending", () => Read(health => health.Waiting), "{message}", "Complete messages that wait to be delivered, by channel.");
        meter.CreateObservableUpDownCounter("failback.notification.dead", () => Read(health => health.Dead), "{message}", "Messages that are no longer tried, by channel.");
        meter.CreateObservableCounter("failback.notification.dropped", () => Read(health => health.Record.Dropped), "{message}", "Dead letters that were dropped because there were too many, by channel.");
    }

    private IEnumerable<Measurement<long>> Read(Func<ChannelHealth, long> count)
        => _outbox.Health.Select(health => new Measurement<long>(count(health), new KeyValuePair<string, object?>("failback.notification.channel", health.Record.Name)));
}
