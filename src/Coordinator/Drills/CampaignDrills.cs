using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Drills;

/// <summary>
/// Tests the replicas of campaigns: each by a drill of its own, whose uid is the attempt's operation. It makes its steps, removes what it has made and survives restarts
/// by itself, whatever becomes of the campaign; here it is begun once, followed, and ended early when the campaign says so.
/// </summary>
internal sealed class CampaignDrills(MachineDrills drills, TimeProvider time) : IPairSteps
{
    public async Task FollowAsync(DispatchedCampaign campaign, StartOperation step, ICampaignReports reports, CancellationToken cancellationToken)
    {
        await reports.ReportAsync(new AttemptQueued(step.Item, step.Attempt), cancellationToken);
        MachineDrill? joined;
        try
        {
            joined = await drills.OfOwnerAsync(WantedBy(campaign, step), mayBegin: step.Drill!.EndsBecause is null, cancellationToken);
        }
        catch (RpcFailure failure)
        {
            await reports.ReportAsync(new AttemptFailed(step.Item, step.Attempt, RetryClass.BackOff, failure.Reason, failure.Message), cancellationToken);
            return;
        }

        if (joined is null)
        {
            await reports.ReportAsync(new AttemptCancelled(step.Item, step.Attempt, "Nothing had been begun."), cancellationToken);
            return;
        }

        if (step.Drill.EndsBecause is { } why && joined.Watch().View.Run is { Verdict: null } or { EndTime: null, Soak.Ticks: > 0 })
        {
            var name = ResourceNames.Drill(step.OperationId);
            await joined.EndAsync(new CommandOrigin(new Caller("coordinator", campaign.Name, ""), "EndDrill", name, new EndDrillRequest { Name = name, Reason = why }), stepReason: null, cancellationToken);
        }

        await new Follower(step, reports, time, cancellationToken).FollowAsync(joined);
    }

    private DrillRun WantedBy(DispatchedCampaign campaign, StartOperation step)
    {
        var (drill, spec) = (step.Drill!, step.Drill!.Spec);
        return new DrillRun
        {
            Uid = step.OperationId,
            Machine = step.VirtualMachineId,
            MachineName = drill.Name,
            Host = step.Host,
            CreateTime = time.GetUtcNow(),
            CreatedBy = drill.StartedBy,
            Owner = new DrillOwner(campaign.Uid, campaign.Name),
            Plan = new ReturnPlan { HeartbeatTimeout = spec.Verify.Heartbeat, ApplicationCheck = spec.Verify.Check },
            Soak = spec.Soak,
            Switch = spec.Switch.Length == 0 ? null : spec.Switch,
            AllowsExternal = spec.AllowsExternal,
            ProofValidFor = spec.ProofValidFor,
            Epoch = 1,
            Version = 1,
        };
    }

    /// <summary>One test of one item.</summary>
    private sealed class Follower(StartOperation step, ICampaignReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        private const int RemovalFails = 3;

        private static readonly TimeSpan RemovalIsLate = TimeSpan.FromMinutes(5);
        private static readonly TimeSpan StepIsLate = Failover.FailoverSpec.Default.StepWithin;
        private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

        private bool _isShown;
        private string? _asked;

        public async Task FollowAsync(MachineDrill drill)
        {
            while (true)
            {
                var (view, next) = drill.Watch();
                if (view.Run.EndTime is not null)
                {
                    await reports.ReportAsync(End(view.Run), cancellationToken);
                    return;
                }

                await ShowAsync(view);
                await Task.WhenAny(next, Task.Delay(LookAgain, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        // The removal is tried until it succeeds and needs no decision, but people must know that a test machine is still on the host.
        private async Task ShowAsync(DrillView view)
        {
            var (code, question) = QuestionOf(view) ?? (null, "");
            if (_isShown && _asked == code)
            {
                return;
            }

            (_isShown, _asked) = (true, code);
            await reports.ReportAsync(
                code is null ? new AttemptRunning(step.Item, step.Attempt) : new AttemptAsks(step.Item, step.Attempt, code, question, ServiceIsDown: true), cancellationToken);
        }

        private (string? Code, string Question)? QuestionOf(DrillView view)
        {
            var (run, now) = (view.Run, time.GetUtcNow());
            return run switch
            {
                { InHand: { OperationId: not null } made } when now - made.StartTime >= StepIsLate
                    => ("STEP_STALLED", $"{UpperSnake.Of(made.Kind)} on {run.Host} has not ended since {made.StartTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. {Why(view)} End the test, and have the step cancelled, with 'failback vm end-drill {ResourceNames.Drill(run.Uid)} --cancel-step'."),
                { Verdict: not null, TestMachine: not null } when run.Failures >= RemovalFails || now - run.WaitingSince >= RemovalIsLate
                    => ("TEST_MACHINE_LEFT", $"The test machine {run.TestMachine} is still on {run.Host}: {Why(view)} Its removal is tried until it is gone."),
                _ => null,
            };
        }

        private static string Why(DrillView view) => view.Progress.Length > 0 ? view.Progress : view.Run.Steps is [.., { Succeeded: false } failed] ? failed.Explanation : "";

        private ItemReport End(DrillRun run) => run.Verdict switch
        {
            DrillVerdict.Passed => new AttemptSucceeded(step.Item, step.Attempt, WithWarnings: false, run.Explanation),
            DrillVerdict.EndedEarly => new AttemptCancelled(step.Item, step.Attempt, $"{run.Explanation} What was made is removed."),
            _ => new AttemptFailed(step.Item, step.Attempt, RetryClass.FailedJob, "TEST_FAILED", run.Explanation),
        };
    }
}

/// <summary>The steps of campaigns that go by themselves: returns over two hosts, and tests.</summary>
internal sealed class CampaignSteps(CampaignReturns returns, CampaignDrills drills) : IPairSteps
{
    public Task FollowAsync(DispatchedCampaign campaign, StartOperation step, ICampaignReports reports, CancellationToken cancellationToken)
        => step.Drill is null ? returns.FollowAsync(campaign, step, reports, cancellationToken) : drills.FollowAsync(campaign, step, reports, cancellationToken);
}
