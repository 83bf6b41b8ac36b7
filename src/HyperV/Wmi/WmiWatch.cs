using System.Management;
using System.Runtime.Versioning;
using System.Threading.Channels;
using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Wmi;

/// <summary>
/// One event query. Polls for events with short timeouts instead of using callbacks: a callback needs a second, unauthenticated
/// connection back into the process.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="query">The query.</param>
/// <param name="className">The watched class, for messages.</param>
[SupportedOSPlatform("windows")]
internal sealed class WmiWatch(WmiConnection connection, string query, string className)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>Writes events until cancelled or until the watch fails. Blocks its thread.</summary>
    public void Run(ChannelWriter<CimInstanceEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            using var watcher = new ManagementEventWatcher(connection.Open(), new EventQuery(query), new EventWatcherOptions(null, Turn, 1));
            try
            {
                while (!cancellationToken.IsCancellationRequested)
                {
                    if (Next(watcher) is { } change)
                    {
                        events.TryWrite(change);
                    }
                }
            }
            finally
            {
                // Disposing does not end the query on the host.
                watcher.Stop();
            }

            events.TryComplete();
        }
        catch (Exception exception) when (WmiFailures.IsKnown(exception))
        {
            var failure = WmiFailures.Map($"Watching {className}", exception);
            connection.Suspect(failure);
            events.TryComplete(failure);
        }
        catch (Exception exception)
        {
            events.TryComplete(exception);
        }
    }

    // Null for a turn without an event, and for events other than instance changes, such as a report of lost events.
    private static CimInstanceEvent? Next(ManagementEventWatcher watcher)
    {
        try
        {
            using var change = WmiObjects.HoldWrapped(watcher.WaitForNextEvent());
            if (KindOf((string)change.Item["__CLASS"]) is not { } kind || change.Item["TargetInstance"] is not ManagementBaseObject target)
            {
                return null;
            }

            using var changed = WmiObjects.HoldWrapped(target);
            return new CimInstanceEvent(kind, WmiInstances.Copy(changed.Item));
        }
        catch (ManagementException exception) when (WmiFailures.IsTimeout(exception))
        {
            return null;
        }
    }

    private static CimInstanceEventKind? KindOf(string eventClass) => eventClass switch
    {
        "__InstanceCreationEvent" => CimInstanceEventKind.Created,
        "__InstanceModificationEvent" => CimInstanceEventKind.Modified,
        "__InstanceDeletionEvent" => CimInstanceEventKind.Deleted,
        _ => null,
    };
}
