using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Telemetry;
using HostAgent.Hosting;

namespace HostAgent.Agent.Operations;

/// <summary>
/// The only place where a live operation changes. An event is durable before anyone sees it; watchers hold only a cursor,
/// so a thousand slow ones cost no memory and miss no recorded event.
/// </summary>
internal sealed partial class OperationLog(OperationSnapshot snapshot, OperationJournal journal, string hostName, TimeProvider time, ILogger logger)
    : IDisposable
{
    private const int RecentEvents = 32;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _publishing = new();
    private TaskCompletionSource _outdated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OperationView? _view;

    /// <summary>The current state of the operation.</summary>
    public OperationSnapshot Snapshot => View.Snapshot;

    /// <summary>A consistent look for watchers.</summary>
    public OperationView View
    {
        get
        {
            lock (_publishing)
            {
                return _view ??= new OperationView(snapshot, [snapshot.Last], null, _outdated.Task);
            }
        }
    }

    /// <summary>
    /// Records the next event. While the journal refuses it, recording is retried: a fact about the host must not be lost.
    /// </summary>
    /// <param name="decide">Makes the event from the operation's current state; null records nothing.</param>
    /// <param name="cancellationToken">Gives up trying again; nothing was recorded.</param>
    /// <returns>The operation after the event, or null when nothing was recorded.</returns>
    public async Task<OperationSnapshot?> RecordAsync(Func<OperationSnapshot, NextEvent?> decide, CancellationToken cancellationToken)
    {
        var backoff = new ExponentialBackoff(FirstRetry, LongestRetry);
        while (true)
        {
            try
            {
                // Not cancelled: what has happened is worth one attempt even while the agent stops.
                return await TryRecordAsync(decide, CancellationToken.None);
            }
            catch (JournalException exception)
            {
                var (delay, facts) = (backoff.Next(), Snapshot.Facts);
                LogJournalRefused(logger, exception, delay, facts.OperationId, facts.VirtualMachineId, hostName, facts.Campaign?.CampaignId);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    /// <summary>Records the next event, or fails.</summary>
    /// <exception cref="JournalException">The journal did not take it.</exception>
    public async Task<OperationSnapshot?> TryRecordAsync(Func<OperationSnapshot, NextEvent?> decide, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // A recorded event must not show less than a percentage that was already shown.
            var current = View.Seen;
            if (current.State.IsTerminal() || decide(current) is not { } next)
            {
                return null;
            }

            var recorded = next.Event with { Sequence = current.Sequence + 1, Time = time.GetUtcNow() };
            var began = time.GetTimestamp();
            OperationSnapshot after;
            using (AgentTelemetry.StartPart("journal.commit"))
            {
                after = await journal.AppendAsync(current, recorded, next.Change);
            }

            AgentTelemetry.Commits.Record(time.GetElapsedTime(began).TotalSeconds);
            Publish(after, recorded);
            return after;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Shows a new percentage to watchers without recording it. Ignored when a recorded event has come since.</summary>
    public void ShowPercent(long sequence, int percent, JobSnapshot job, string explanation)
    {
        lock (_publishing)
        {
            var view = View;
            if (view.Snapshot.Sequence == sequence && !view.Snapshot.State.IsTerminal())
            {
                Replace(view with
                {
                    Live = view.Snapshot.Last with
                    {
                        Kind = OperationEventKind.Percent,
                        Time = time.GetUtcNow(),
                        PercentComplete = percent,
                        Job = job,
                        Explanation = explanation,
                    },
                });
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private void Publish(OperationSnapshot after, OperationEvent recorded)
    {
        lock (_publishing)
        {
            var recent = View.Recent;
            recent = (recent.Length < RecentEvents ? recent : recent.RemoveAt(0)).Add(recorded);
            Replace(new OperationView(after, recent, null, _outdated.Task));
        }
    }

    private void Replace(OperationView view)
    {
        var outdated = _outdated;
        _outdated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _view = view with { Next = _outdated.Task };
        outdated.TrySetResult();
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Error,
        Message = "Writing an event to the journal failed; retrying in {Delay}: operation_id {OperationId}, vm_id {VmId}, host {Host}, campaign {Campaign}")]
    private static partial void LogJournalRefused(
        ILogger logger, Exception exception, TimeSpan delay, Guid operationId, string vmId, string host, Guid? campaign);
}
