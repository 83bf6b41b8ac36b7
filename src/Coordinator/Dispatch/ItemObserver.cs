using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Transport;
using Outcome = HostAgent.Contracts.Failback.V1.Outcome;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Translates an agent's reports about one attempt at an item into inputs of the campaign's machine.</summary>
internal sealed class ItemObserver(string item, int attempt, long epoch, ICampaignReports reports, TimeProvider time, CancellationToken cancellationToken) : IOperationObserver
{
    // Progress is not stored: the campaign needs to hear of it only now and then.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private OperationState _reported = OperationState.Unspecified;
    private DateTimeOffset _lastProgress = DateTimeOffset.MinValue;
    private int _percent;

    public async ValueTask ProgressedAsync(FailbackProgress progress)
    {
        await ShowPercentAsync(progress, isPresent: false);
        if (progress.State != _reported && progress.State is OperationState.Queued or OperationState.Starting or OperationState.Running)
        {
            var isNew = progress.State == OperationState.Running || _reported == OperationState.Unspecified;
            _reported = progress.State;
            if (isNew)
            {
                await ReportAsync(progress.State == OperationState.Running ? new AttemptRunning(item, attempt) : new AttemptQueued(item, attempt));
                return;
            }
        }

        await TellProgressAsync(progress);
    }

    public async ValueTask AdvancedAsync(FailbackProgress progress)
    {
        await ShowPercentAsync(progress, isPresent: true);
        await TellProgressAsync(progress);
    }

    public ValueTask ConcludedAsync(FailbackProgress progress)
    {
        if (progress.HasPercentComplete)
        {
            reports.Advance(item, attempt, progress.PercentComplete);
        }

        var explanation = Explanation(progress);
        return ReportAsync(progress.State switch
        {
            OperationState.Succeeded => new AttemptSucceeded(item, attempt, WithWarnings: false, explanation),
            OperationState.SucceededWithWarnings => new AttemptSucceeded(item, attempt, WithWarnings: true, explanation),
            OperationState.Cancelled => new AttemptCancelled(item, attempt, explanation),
            OperationState.Failed => new AttemptFailed(item, attempt, RetryClasses.Of(progress.Outcome ?? new Outcome()), progress.Outcome?.Failure?.Reason ?? "UNKNOWN", explanation),
            _ => new AttemptOutcomeUnknown(item, attempt, explanation),
        });
    }

    public ValueTask RefusedAsync(RpcFailure refusal)
        => ReportAsync(new AttemptFailed(item, attempt, RetryClasses.Of(refusal), refusal.Reason, refusal.Message));

    public ValueTask ClaimedAsync(JournalPosition journal)
        => reports.RecordAsync(new AttemptClaimed(item, attempt, new AgentJournal(Guid.Parse(journal.JournalId), journal.Commits, Guid.Parse(journal.ClaimToken))), cancellationToken);

    public ValueTask FencedAsync(RpcFailure refusal) => ReportAsync(new AttemptFenced(item, attempt, epoch, AgentRefusals.IsBehind(refusal, epoch), refusal.Message));

    public ValueTask UndeliveredAsync(RpcFailure failure, bool mayHaveBeenDelivered)
        => ReportAsync(new AttemptUndelivered(item, attempt, mayHaveBeenDelivered, failure.Message));

    public ValueTask LostAsync(RpcFailure failure) => ReportAsync(new OperationNotFound(item, attempt));

    private static string Explanation(FailbackProgress progress)
        => progress.Outcome?.Explanation is { Length: > 0 } outcome ? outcome
        : progress.Outcome?.Failure?.Message is { Length: > 0 } failure ? failure
        : progress.Explanation;

    private async ValueTask ShowPercentAsync(FailbackProgress progress, bool isPresent)
    {
        if (!progress.HasPercentComplete)
        {
            return;
        }

        var (previous, percent) = (_percent, progress.PercentComplete);
        _percent = percent;
        if (percent >= previous)
        {
            reports.Advance(item, attempt, percent, isPresent);
            return;
        }

        // A lower percentage is shown by the event that explains it. The campaign emits that event once it has both values.
        await ReportAsync(new AttemptProgressed(item, attempt, previous));
        await ReportAsync(new AttemptProgressed(item, attempt, percent));
    }

    private ValueTask ReportAsync(CampaignInput input) => reports.ReportAsync(input, cancellationToken);

    private ValueTask TellProgressAsync(FailbackProgress progress)
    {
        var now = time.GetUtcNow();
        if (progress.State != OperationState.Running || now - _lastProgress < ProgressInterval)
        {
            return ValueTask.CompletedTask;
        }

        _lastProgress = now;
        return ReportAsync(new AttemptProgressed(item, attempt, progress.HasPercentComplete ? progress.PercentComplete : null));
    }
}
