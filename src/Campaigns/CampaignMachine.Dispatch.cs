using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Rules;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns;

/// <content>Which rule takes which input.</content>
public sealed partial class CampaignMachine
{
    private void Dispatch(Decision decision, CampaignInput input)
    {
        switch (input)
        {
            case CreateCampaign command:
                CampaignCommands.Create(decision, command);
                CheckAhead(decision);
                break;
            case ReviseCampaign command:
                CampaignCommands.Revise(decision, command);
                CheckAhead(decision);
                break;
            case PreflightCampaign:
                CampaignCommands.Preflight(decision, _preflight);
                break;
            case StartCampaign command:
                CampaignCommands.Start(decision, command);
                break;
            case NoteForecast command:
                CampaignCommands.Note(decision, command);
                break;
            case PauseCampaign command:
                CampaignCommands.Pause(decision, command);
                break;
            case ResumeCampaign command:
                CampaignCommands.Resume(decision, command, Windows?.Whole?.IsOpen(decision.Now) ?? true);
                break;
            case StopCampaign command:
                CampaignCommands.Stop(decision, command);
                break;
            case ApproveWave command:
                GateCommands.Approve(decision, command);
                break;
            case RejectWave command:
                GateCommands.Reject(decision, command);
                break;
            case EndSoak command:
                GateCommands.EndSoak(decision, command);
                break;
            case RetryItems command:
                RetryCommand.Handle(decision, command);
                break;
            case CancelItem command:
                ItemCommands.Cancel(decision, command);
                break;
            case SkipItem command:
                ItemCommands.Skip(decision, command);
                break;
            case ResolveItem command:
                ItemCommands.Resolve(decision, command);
                break;
            case RecheckItem command:
                ItemCommands.Recheck(decision, command);
                break;
            case HostUnreachable report when State.FindHost(report.Host) is { } host:
                HostReports.Lost(decision, host, report.Explanation);
                break;
            case HostReachable report when State.FindHost(report.Host) is { } host:
                HostReports.Found(decision, host);
                break;
            case ReadinessChecked report when State.FindItem(report.Item) is { } item:
                Readiness.Checked(decision, item, report);
                _preflight.Answered(decision, item.Host);
                break;
            case ReplicationStateChanged report when State.FindItem(report.Item) is { } item:
                Readiness.StateChanged(decision, item, report.ReplicationState);
                break;
            case RunBegun report:
                ScheduledRuns.Begun(decision, report);
                break;
            case RunLeftOut report:
                ScheduledRuns.LeftOut(decision, report);
                break;
            case WaveProgramReported report:
                WavePrograms.Reported(decision, report);
                break;
            case ItemReport report:
                Report(decision, report);
                break;
            default:
                // Time is checked after every input; hosts without items do not concern the campaign.
                break;
        }
    }

    /// <summary>A document that requires readiness is checked as soon as it is planned, and again after each edit.</summary>
    private void CheckAhead(Decision decision)
    {
        if (decision.Rejection is null && decision.Spec.Readiness.Required)
        {
            _preflight.Begin(decision, onlyUnknown: false);
        }
    }

    private void Report(Decision decision, ItemReport report)
    {
        if (Current(report) is not { } item)
        {
            return;
        }

        if (item.Phase is not (AttemptPhase.None or AttemptPhase.Checking))
        {
            AttemptReports.Handle(decision, item, report);
        }
        else if (item.Status == ItemStatus.UnknownOutcome)
        {
            LateReports.Handle(decision, item, report);
        }
        else if (item.Status == ItemStatus.Held && !State.Status.IsTerminal())
        {
            HeldItems.Handle(decision, item, report);
        }

        if (report is not (AttemptUndelivered or AttemptFenced))
        {
            HostReports.Found(decision, item.Host);
        }
    }

    private CampaignItem? Current(ItemReport report)
        => State.FindItem(report.Item) is { } item && item.Attempt == report.Attempt ? item : null;
}
