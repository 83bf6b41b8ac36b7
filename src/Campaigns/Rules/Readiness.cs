using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>
/// Rule 9: where the document requires it, an item starts only after a check that found it ready, is recent enough, and was made for this
/// document and the machine's current replication state. The check is made when the item is next, and counts against the limits.
/// </summary>
internal static class Readiness
{
    /// <summary>Handles an answer, whether it was requested for a start or by the preflight.</summary>
    public static void Checked(Decision decision, CampaignItem item, ReadinessChecked report)
    {
        HostReports.Found(decision, item.Host);
        if (item.Phase == AttemptPhase.Checking && !report.Ready && report.ReplicationState == "FailbackComplete" && report.Revision == decision.State.Revision)
        {
            // FailbackComplete counts as success, regardless of who failed it back.
            Breakers.AfterAcceptance(decision, item);
            ItemEndings.Succeed(decision, item, withWarnings: false, "Already done: the machine's replication state is FailbackComplete.");
            return;
        }

        if (report.Revision != decision.State.Revision || item.Status.IsTerminal() || decision.State.Status.IsTerminal())
        {
            return;
        }

        if (item.Phase == AttemptPhase.None)
        {
            decision.Emit(new ItemReadinessChecked(item.Id, report.Ready, report.Reasons, report.ReplicationState, null));
        }
        else if (item.Phase == AttemptPhase.Checking && report.Ready)
        {
            Breakers.AfterAcceptance(decision, item);
            decision.Emit(new ItemReadinessChecked(item.Id, true, [], report.ReplicationState, null));
        }
        else if (item.Phase == AttemptPhase.Checking)
        {
            Breakers.AfterAcceptance(decision, item);
            NotReady(decision, item, report.Reasons, report.ReplicationState, "NOT_READY");
        }
    }

    /// <summary>No answer in time. Nothing was started, so this is a failed check and not an unknown outcome.</summary>
    public static void TimedOut(Decision decision, CampaignItem item)
    {
        var probes = Probes.Of(item);
        var timeout = Documents.DurationText.Write(decision.Spec.Timeouts.Unreachable);
        NotReady(decision, item, [$"HOST_UNREACHABLE: the agent has not answered within {timeout}."], string.Empty, "HOST_UNREACHABLE");
        Breakers.AfterFailedCall(decision, item.Host, probes);
    }

    /// <summary>The machine is no longer in the state it was checked in.</summary>
    public static void StateChanged(Decision decision, CampaignItem item, string replicationState)
    {
        if (item is { Phase: AttemptPhase.None, Readiness: { } readiness } && !item.Status.IsTerminal() && readiness.ReplicationState != replicationState)
        {
            var previous = readiness.ReplicationState.Length == 0 ? "unknown" : readiness.ReplicationState;
            decision.Emit(new ItemReadinessExpired(item.Id, $"The machine's replication state changed from {previous} to {replicationState} since the check."));
        }
    }

    private static void NotReady(Decision decision, CampaignItem item, IReadOnlyList<string> reasons, string replicationState, string failureReason)
    {
        var retry = decision.Spec.Retry;
        var failed = item.FailedChecks + 1;
        DateTimeOffset? next = failed < retry.Attempts
            ? decision.Now + Backoff.Pause(retry, failed, OperationId.Of(decision.State.Uid, item.Id, item.Attempt + 1, item.Step))
            : null;
        decision.Emit(new ItemReadinessChecked(item.Id, false, reasons, replicationState, next));
        if (next is null)
        {
            ItemEndings.Fail(decision, item, failureReason, string.Create(CultureInfo.InvariantCulture, $"{string.Join(" ", reasons)} That was check {failed} of {retry.Attempts}."));
        }
    }
}
