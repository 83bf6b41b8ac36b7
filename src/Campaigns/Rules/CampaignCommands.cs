using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.Rules;

/// <summary>A person's commands about the whole campaign. Repeating one that has taken effect changes nothing.</summary>
internal static class CampaignCommands
{
    /// <summary>The most items in one event, so that no event grows without bound.</summary>
    private const int ItemsInOneEvent = 1000;

    public static void Create(Decision decision, CreateCampaign command)
    {
        if (decision.State.Spec is not null)
        {
            throw new InvalidOperationException("A machine creates one campaign.");
        }

        decision.Emit(new CampaignCreated(command.Uid, command.Spec, command.Document, command.Actor));
        Plan(decision, command.Plan, command.AcceptsWarnings ? command.Actor : null);
    }

    public static void Revise(Decision decision, ReviseCampaign command)
    {
        if (decision.State.Status is not (CampaignStatus.Draft or CampaignStatus.Ready or CampaignStatus.Scheduled))
        {
            RejectState(decision, "Its document can be replaced only before it has been started");
            return;
        }

        decision.Emit(new CampaignRevised(command.Spec, command.Document, command.Actor));
        Plan(decision, command.Plan, command.AcceptsWarnings ? command.Actor : null);
    }

    public static void Preflight(Decision decision, Preflight preflight)
    {
        if (decision.Spec is { HostToHost: not null, Strategy: not Spec.Strategy.Auto })
        {
            RejectState(decision, "Machines that go home host to host are checked one by one, before their outage");
        }
        else if (decision.Spec.TestFailover is not null)
        {
            RejectState(decision, "Replicas are checked one by one, before their tests");
        }
        else if (decision.State.Status is CampaignStatus.Ready or CampaignStatus.Scheduled)
        {
            preflight.Begin(decision, onlyUnknown: false);
        }
        else
        {
            RejectState(decision, "Its items can be checked ahead only before it has been started");
        }
    }

    public static void Start(Decision decision, StartCampaign command)
    {
        var state = decision.State;
        switch (state.Status)
        {
            case CampaignStatus.Ready or CampaignStatus.Scheduled when state.Spec!.Schedule is { } schedule:
                ScheduledRuns.Start(decision, schedule, command);
                break;
            case CampaignStatus.Ready or CampaignStatus.Scheduled when command.StartTime is { } start && start > decision.Now:
                if (state.Status != CampaignStatus.Scheduled || state.StartTime != start || state.Assumptions != command.Assumptions)
                {
                    decision.Emit(new CampaignScheduled(start, command.Actor) { Assumptions = command.Assumptions });
                }

                break;
            case CampaignStatus.Ready or CampaignStatus.Scheduled:
                decision.Emit(new CampaignStarted(command.Actor) { Assumptions = command.Assumptions ?? state.Assumptions });
                break;
            case CampaignStatus.Running or CampaignStatus.Paused:
                break;
            default:
                RejectState(decision, "It can be started only while it is READY or SCHEDULED");
                break;
        }
    }

    public static void Note(Decision decision, NoteForecast command)
    {
        if (decision.State.AwaitsForecast)
        {
            decision.Emit(new CampaignForecasted(command.Forecast));
        }
    }

    public static void Pause(Decision decision, PauseCampaign command)
    {
        if (decision.State.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            RejectState(decision, "It can be paused only while it is RUNNING");
        }
        else if (!decision.State.IsPausedBy(PauseCause.Operator))
        {
            decision.Emit(new CampaignPaused(PauseCause.Operator, Automatic: false, command.Actor, Sentence($"Paused by {command.Actor}", command.Reason)));
        }
    }

    public static void Resume(Decision decision, ResumeCampaign command, bool windowIsOpen)
    {
        var state = decision.State;
        if (state.Status is not (CampaignStatus.Running or CampaignStatus.Paused))
        {
            RejectState(decision, "It can be resumed only while it is PAUSED");
            return;
        }

        if (state.Status == CampaignStatus.Running)
        {
            return;
        }

        var causes = state.PauseCauses
            .Where(cause => cause is PauseCause.Operator or PauseCause.Tolerance or PauseCause.Ownership || (cause == PauseCause.Window && windowIsOpen))
            .ToList();
        var waitsForWindow = state.IsPausedBy(PauseCause.Window) && !windowIsOpen && !state.EndsByItself(PauseCause.Window);
        if (causes.Count == 0 && !waitsForWindow)
        {
            RejectState(decision, state.IsPausedBy(PauseCause.Gate)
                ? "A gate was rejected: approve it, or stop the campaign"
                : "The window is closed; it continues automatically when the window opens");
            return;
        }

        if (causes.Count > 0)
        {
            decision.Emit(new CampaignResumed(causes, command.Actor, command.Reason));
        }

        if (waitsForWindow)
        {
            decision.Emit(new CampaignPaused(PauseCause.Window, Automatic: true, command.Actor, $"{command.Actor} resumed it; waiting for the window to open."));
        }
    }

    public static void Stop(Decision decision, StopCampaign command)
    {
        switch (decision.State.Status)
        {
            case CampaignStatus.Stopping when command.TakesBack && !decision.State.TakesBack:
                TakeBack(decision, command);
                break;
            case CampaignStatus.Stopping or CampaignStatus.Stopped:
                break;
            case CampaignStatus.Completed or CampaignStatus.CompletedWithFailures:
                RejectState(decision, "It cannot be stopped after its end");
                break;
            default:
                TakeBack(decision, command);
                foreach (var item in decision.State.InFlightItems.Select(index => decision.State.Items[index]).Where(item => item.IsFenced).ToList())
                {
                    Ownership.Release(decision, item);
                }

                break;
        }
    }

    private static void TakeBack(Decision decision, StopCampaign command)
    {
        decision.Emit(new CampaignStopping(command.Actor, Sentence($"Stopped by {command.Actor}", command.Reason)) { TakesBack = command.TakesBack });
        if (!command.TakesBack)
        {
            return;
        }

        foreach (var item in decision.State.InFlightItems.Select(index => decision.State.Items[index]).Where(item => item is { StepKind: StepKind.SwitchOver, NextTime: null }))
        {
            decision.Do(AgentEffects.Follow(decision.State, item));
        }
    }

    /// <summary>Rejects a command because of the campaign's state.</summary>
    public static void RejectState(Decision decision, string rule)
        => decision.Reject(RejectionCode.CampaignState, $"{rule}; it is {StatusNames.Of(decision.State.Status)}.");

    private static void Plan(Decision decision, CampaignPlan plan, string? acceptedBy)
    {
        foreach (var items in plan.Items.Chunk(ItemsInOneEvent))
        {
            decision.Emit(new ItemsPlanned(items));
        }

        decision.Emit(new CampaignPlanned(plan.Dependencies) { Together = plan.Together.Count == 0 ? null : plan.Together, Notes = PlanNotes.Of(plan, acceptedBy) });
    }

    private static string Sentence(string act, string reason) => reason.Length == 0 ? $"{act}." : $"{act}: {reason}";
}
