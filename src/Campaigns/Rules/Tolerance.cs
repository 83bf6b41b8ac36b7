using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Rules;

/// <summary>Rule 3: N failures are tolerated, the (N+1)th is a breach. A percentage is of the campaign's items, rounded down.</summary>
internal static class Tolerance
{
    public static int Of(CampaignState state, Documents.Amount amount) => amount.Of(state.Counts.Total, leastOfPercentage: 0);

    public static void AfterFailure(Decision decision)
    {
        var state = decision.State;
        if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused) || state.IsPausedBy(PauseCause.Tolerance))
        {
            return;
        }

        var tolerance = decision.Spec.Tolerance;
        var tolerated = Of(state, tolerance.Failures);
        if (state.Failures > tolerated)
        {
            Breach(decision, "failures", state.Failures, tolerated, $"{state.Failures} items have failed; {tolerated} are tolerated.");
        }
        else if (tolerance.Window is { } window && state.FailureTimes.Count > Of(state, window.Failures))
        {
            tolerated = Of(state, window.Failures);
            var span = Documents.DurationText.Write(window.In);
            Breach(decision, "window", state.FailureTimes.Count, tolerated, $"{state.FailureTimes.Count} items have failed within {span}; {tolerated} are tolerated.");
        }
    }

    private static void Breach(Decision decision, string scope, int failures, int tolerated, string explanation)
    {
        decision.Emit(new ToleranceBreached(scope, failures, tolerated));
        decision.Emit(decision.Spec.Tolerance.OnBreach == BreachAction.Stop
            ? new CampaignStopping("coordinator", explanation)
            : new CampaignPaused(PauseCause.Tolerance, Automatic: false, "coordinator", explanation));
    }
}
