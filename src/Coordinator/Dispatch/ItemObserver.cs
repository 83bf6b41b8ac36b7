using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Translates what an agent says of one attempt at an item into the inputs of the campaign's machine.</summary>
internal sealed class ItemObserver(string item, int attempt, long epoch, ICampaignReports reports, TimeProvider time, CancellationToken cancellationToken) : IOperationObserver
{
    // Progress is no fact: the campaign only needs to hear of it now and then.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private OperationState _told = OperationState.Unspecified;
    private DateTimeOffset _lastProgress = DateTimeOffset.MinValue;
    private int _percent;

    public async ValueTask ProgressedAsync(FailbackProgress progress)
    {
        await ShowPercentAsync(progress);
        if (progress.State != _told && progress.State is OperationState.Queued or OperationState.Starting or OperationState.Running)
        {
            var isNew = progress.State == OperationState.Running || _told == OperationState.Unspecified;
            _told = progress.State;
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
        await ShowPercentAsync(progress);
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

    public ValueTask FencedAsync(RpcFailure refusal) => ReportAsync(new AttemptFenced(item, attempt, epoch, refusal.Message));

    public ValueTask UndeliveredAsync(RpcFailure failure, bool mayHaveBeenDelivered)
        => ReportAsync(new AttemptUndelivered(item, attempt, mayHaveBeenDelivered, failure.Message));

    public ValueTask LostAsync(RpcFailure failure) => ReportAsync(new OperationNotFound(item, attempt));

    private static string Explanation(FailbackProgress progress)
        => progress.Outcome?.Explanation is { Length: > 0 } outcome ? outcome
        : progress.Outcome?.Failure?.Message is { Length: > 0 } failure ? failure
        : progress.Explanation;

    private async ValueTask ShowPercentAsync(FailbackProgress progress)
    {
        if (!progress.HasPercentComplete)
        {
            return;
        }

        var (former, percent) = (_percent, progress.PercentComplete);
        _percent = percent;
        if (percent >= former)
        {
            reports.Advance(item, attempt, percent);
            return;
        }

        // A lower one is shown by the event that says why, which the campaign makes of having heard both.
        await ReportAsync(new AttemptProgressed(item, attempt, former));
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
