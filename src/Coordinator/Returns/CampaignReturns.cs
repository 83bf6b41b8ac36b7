using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using HostAgent.Texts;
using HostAgent.Transport;
using Outcome = HostAgent.Failover.Outcome;
using StepKind = HostAgent.Campaigns.Planning.StepKind;

namespace HostAgent.Coordinator.Returns;

/// <summary>
/// Brings the machines of campaigns home: each by a return of its own, which decides, makes its steps and survives restarts by itself. A campaign says when it goes on,
/// and consents for what its document allows; everything else is a person's decision, and the item is held until it is made.
/// </summary>
internal sealed class CampaignReturns(MachineReturns returns, TimeProvider time) : IPairSteps
{
    public async Task FollowAsync(DispatchedCampaign campaign, StartOperation step, ICampaignReports reports, CancellationToken cancellationToken)
    {
        var follower = new Follower(campaign, step, reports, time, cancellationToken);
        await follower.ReportAsync(new AttemptQueued(step.Item, step.Attempt));
        MachineReturn joined;
        try
        {
            var pair = step.Pair!;
            joined = await returns.OfCampaignAsync(
                new FoundPair(step.VirtualMachineId, pair.Name, pair.RecoveryHost, pair.HomeHost), PlanOf(pair.Spec), OwnerOf(campaign, step, pair.Spec), pair.Drill, cancellationToken);
        }
        catch (RpcFailure failure)
        {
            await follower.ReportAsync(new AttemptFailed(step.Item, step.Attempt, RetryClass.BackOff, failure.Reason, failure.Message));
            return;
        }

        await follower.FollowAsync(joined);
    }

    /// <summary>Whether the campaign gives a permission without another question.</summary>
    /// <param name="step">The step that is made for it.</param>
    /// <param name="gate">What the permission is for.</param>
    /// <param name="state">The machine's return.</param>
    internal static bool Consents(StartOperation step, Gate gate, ReturnState state) => gate switch
    {
        Gate.Attach => step.Pair!.Spec.Attach == Consent.Automatic,
        Gate.Copy => step.Pair!.Spec.Copy == Consent.Automatic,
        // One approval, one outage: a service that went down and is up again does not go down once more without a person.
        Gate.Outage => step.Kind == StepKind.SwitchOver && !state.Steps.Any(made => made is { Kind: Failover.StepKind.ShutDownGuest, Side: Side.Recovery, Succeeded: true }),
        Gate.Accept => step.Pair!.Spec.Accept == Consent.Automatic,
        _ => false,
    };

    /// <summary>How far a machine at home is behind, in words, when outages were approved for less.</summary>
    /// <param name="outage">What was approved.</param>
    /// <param name="lag">The age of what home received last; null when it is not known.</param>
    /// <param name="at">What to call home.</param>
    /// <returns>Null when its service may go down.</returns>
    internal static string? Behind(OutageSpec outage, TimeSpan? lag, string at = "home")
    {
        return outage.MaxLag is not { } most || lag <= most ? null
            : lag is { } behind ? $"The machine at {at} is {Words(behind)} behind, and outages are approved up to {Words(most)}."
            : $"It is not known how far the machine at {at} is behind, and outages are approved up to {Words(most)}.";

        static string Words(TimeSpan span) => Documents.DurationText.Write(TimeSpan.FromSeconds(Math.Ceiling(span.TotalSeconds)));
    }

    private static ReturnOwner OwnerOf(DispatchedCampaign campaign, StartOperation step, HostToHostSpec spec)
        => new(campaign.Uid, campaign.Name, step.Attempt) { OutageApprovers = string.Join('\n', spec.Outage.Approvers) };

    private static ReturnPlan PlanOf(HostToHostSpec spec) => new()
    {
        ShutdownTimeout = spec.ShutdownTimeout,
        HeartbeatTimeout = spec.Verify.Heartbeat,
        ApplicationCheck = spec.Verify.Check,
        Rehearse = spec.Rehearse,
        RehearsalSwitch = spec.RehearsalSwitch,
        BeforeOutage = spec.Hooks?.BeforeOutage ?? "",
        AfterVerify = spec.Hooks?.AfterVerify ?? "",
        Networks = spec.Networks,
        StepTimeout = spec.StepTimeout,
        CopyTimeout = spec.CopyTimeout,
    };

    /// <summary>One step of one item.</summary>
    private sealed class Follower(DispatchedCampaign campaign, StartOperation step, ICampaignReports reports, TimeProvider time, CancellationToken cancellationToken)
    {
        // A question may also end by itself, when a host answers again.
        private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
        private static readonly TimeSpan LookSoon = TimeSpan.FromSeconds(1);

        // At 100 the step has ended.
        private const int MostPercent = 99;

        private string? _asked;
        private bool _rests;
        private bool _begun;
        private int? _percent;

        public ValueTask ReportAsync(CampaignInput input) => reports.ReportAsync(input, cancellationToken);

        public async Task FollowAsync(MachineReturn machine)
        {
            await machine.LookAsync(cancellationToken);
            await TakeBackAsync(machine);
            await ProtectAsync(machine);
            while (true)
            {
                var (view, next) = machine.Watch();
                if (view.State.EndTime is not null)
                {
                    await EndAsync(view.State);
                    return;
                }

                try
                {
                    if (await TurnAsync(machine, view))
                    {
                        return;
                    }
                }
                catch (RpcFailure failure) when (failure.Reason is "NOT_READY")
                {
                    // The service is still up.
                    await machine.PauseAsync(Origin("PauseReturn", new PauseReturnRequest { Name = machine.Name }), cancellationToken);
                    var against = string.Join(" ", failure.PreconditionViolations.Select(violation => $"{violation.Type}: {violation.Description}"));
                    await ReportAsync(new AttemptFailed(step.Item, step.Attempt, RetryClass.NotReady, failure.Reason, $"{failure.Message}. {against}"));
                    return;
                }
                catch (RpcFailure failure) when (failure.Domain == CampaignFailures.Domain && failure.StatusCode == Grpc.Core.StatusCode.FailedPrecondition)
                {
                    // It is not as it was shown a moment ago.
                    await Task.Delay(LookSoon, time, cancellationToken);
                    await machine.LookAsync(cancellationToken);
                    continue;
                }

                if (_asked is null)
                {
                    await next.WaitAsync(cancellationToken);
                }
                else
                {
                    await Task.WhenAny(next, Task.Delay(LookAgain, time, cancellationToken));
                    cancellationToken.ThrowIfCancellationRequested();
                    await machine.LookAsync(cancellationToken);
                }
            }
        }

        private async Task ProtectAsync(MachineReturn machine)
        {
            if (step.Kind == StepKind.Protect && machine.Watch().View.State is { EndTime: null } and not { Goal: Goal.ProtectOnly })
            {
                await machine.AimAsync(
                    Origin("SetReturnGoal", new SetReturnGoalRequest { Name = machine.Name, Goal = ReturnGoal.ProtectOnly }), Goal.ProtectOnly, confirmsLoss: false, cancellationToken);
            }
        }

        private async Task TakeBackAsync(MachineReturn machine)
        {
            if (!step.Pair!.GoesBack || machine.Watch().View.State is { EndTime: not null } or { Goal: Goal.Back })
            {
                return;
            }

            try
            {
                await machine.AimAsync(
                    Origin("SetReturnGoal", new SetReturnGoalRequest { Name = machine.Name, Goal = ReturnGoal.Back, Reason = "the campaign was stopped" }), Goal.Back, confirmsLoss: false, cancellationToken);
            }
            catch (RpcFailure failure) when (failure.Reason is "CONFIRMATION_REQUIRED")
            {
                // Production has run at home: going on loses nothing, and going back would.
            }
        }

        // Times of two hosts are never compared: how old its last replication is, each host tells by its own clock.
        private static TimeSpan? LagOf(SiteRead? site) => site?.Message?.HostTime?.ToDateTimeOffset() - site?.Facts.LastReplication;

        // Returns whether the step has ended.
        private async Task<bool> TurnAsync(MachineReturn machine, ReturnView view)
        {
            switch (view)
            {
                case { State.InHand: null, Decision: Wait { Needs.Gate: Gate.Outage } } when step.Kind == StepKind.Synchronize:
                    await machine.PauseAsync(Origin("PauseReturn", new PauseReturnRequest { Name = machine.Name }), cancellationToken);
                    await ReportAsync(new AttemptSucceeded(step.Item, step.Attempt, WithWarnings: false, $"{view.State.HomeHost} has every change up to now{(step.Pair!.Spec.Goal == PairGoal.Home ? "; the switch takes its service down" : "")}."));
                    return true;
                case { State.InHand: null, Decision: Wait { Needs.Gate: Gate.Outage } decision } when Behind(step.Pair!.Spec.Outage, LagOf(view.Read?.Home) ?? LagOf(view.Read?.Recovery), view.State.IsWayThere ? view.State.HomeHost : "home") is { } behind:
                    await AskAsync(machine, view, "APPROVE_OUTAGE", decision, $" {behind}");
                    return false;
                case { State.InHand: null, Decision: Wait { Needs: { } needed } } when Consents(step, needed.Gate, view.State):
                    await GoOnAsync();
                    if (_rests)
                    {
                        // The campaign starts it again when there is room.
                        return true;
                    }

                    var (gate, evidence) = (UpperSnake.Of(needed.Gate), view.Evidence);
                    await machine.ApproveAsync(
                        Origin("ApproveReturn", new ApproveReturnRequest { Name = machine.Name, Gate = gate, Evidence = evidence }), gate, evidence, [.. step.IgnoredChecks], cancellationToken);
                    await RunAsync(machine);
                    return false;
                case { State.InHand: null, Decision: Wait { Needs: { } needed } decision }:
                    await AskAsync(machine, view, $"APPROVE_{UpperSnake.Of(needed.Gate)}", decision);
                    return false;
                case { State.InHand: null, Decision: Ask { Code: var code } decision }:
                    await AskAsync(machine, view, UpperSnake.Of(code), decision);
                    return false;
                default:
                    await GoOnAsync();
                    if (_rests)
                    {
                        return true;
                    }

                    if (PercentOf(view) is { } percent && percent > (_percent ?? -1))
                    {
                        _percent = percent;
                        reports.Advance(step.Item, step.Attempt, percent);
                    }

                    if (ActivityOf(view) is { } activity)
                    {
                        reports.Describe(step.Item, step.Attempt, activity);
                    }

                    await RunAsync(machine);
                    return false;
            }
        }

        // How far the campaign's step is, which is many steps of the return: the copy is nearly all of bringing a machine in step, and a switch is as far as what it makes.
        private int? PercentOf(ReturnView view) => (step.Kind, view.State.InHand?.Kind) switch
        {
            (StepKind.Synchronize, Failover.StepKind.Resynchronize or Failover.StepKind.StartReplication) => view.Percent is { } copied ? Math.Min(copied, MostPercent) : null,
            (StepKind.SwitchOver, Failover.StepKind.ShutDownGuest) => 5,
            (StepKind.SwitchOver, Failover.StepKind.PreparePlannedFailover) => 20,
            (StepKind.SwitchOver, Failover.StepKind.FailOver) => 40,
            (StepKind.SwitchOver, Failover.StepKind.StartMachine) => 50,
            (StepKind.SwitchOver, Failover.StepKind.VerifyGuest) => 60,
            (StepKind.SwitchOver, Failover.StepKind.ReverseReplication) => 85,
            (StepKind.SwitchOver, Failover.StepKind.RestoreSettings or Failover.StepKind.StartReplication) => 90,
            _ => null,
        };

        private static string? ActivityOf(ReturnView view) => (view.State.InHand, view.Decision) switch
        {
            ({ } made, _) => $"{UpperSnake.Of(made.Kind)} on {view.State.HostOf(made.Side)}",
            (_, Step or Wait { Why: Failover.WaitReason.TryAgain }) when view.Detail is { Length: > 0 } failure => failure,
            (_, Wait wait) => $"{Named(view.State, Explanations.Of(wait))} {view.Detail}".TrimEnd(),
            _ => null,
        };

        private async Task AskAsync(MachineReturn machine, ReturnView view, string code, Decision decision, string detail = "")
        {
            if (_asked == code)
            {
                return;
            }

            var isDown = view.State.OutageSince is not null;
            if (!isDown)
            {
                // It holds no limit meanwhile, so it must not go on by itself when it is answered.
                await machine.PauseAsync(Origin("PauseReturn", new PauseReturnRequest { Name = machine.Name }), cancellationToken);
            }

            (_asked, _rests) = (code, !isDown);
            await ReportAsync(new AttemptAsks(step.Item, step.Attempt, code, $"{Named(view.State, Explanations.Of(decision))}{detail}{(view.Detail.Length > 0 ? " " : "")}{view.Detail} Decide with 'failback vm status {CommandText.Machine(step.Pair!.Name, step.Item)}'.", isDown));
        }

        private static string Named(ReturnState state, string text) => state.IsWayThere ? Explanations.Named(text, state.RecoveryHost, state.HomeHost) : text;

        private async Task GoOnAsync()
        {
            if (_asked is not null || !_begun)
            {
                (_asked, _begun) = (null, true);
                await ReportAsync(new AttemptRunning(step.Item, step.Attempt));
            }
        }

        private async Task RunAsync(MachineReturn machine)
        {
            if (machine.Watch().View.State is { Running: false, EndTime: null })
            {
                await machine.AdvanceAsync(Origin("AdvanceReturn", new AdvanceReturnRequest { Name = machine.Name, RunToEnd = true }), toTheEnd: true, evidence: "", cancellationToken);
            }
        }

        private ValueTask EndAsync(ReturnState state) => ReportAsync(state switch
        {
            { Outcome: Outcome.Home } => new AttemptSucceeded(step.Item, step.Attempt, WithWarnings: false, Ended(state)),
            { Outcome: Outcome.HomeUnprotected } => new AttemptSucceeded(step.Item, step.Attempt, WithWarnings: true, $"It runs on {state.HomeHost} and is not protected."),
            { Outcome: Outcome.Protected } when step.Kind == StepKind.Protect => new AttemptSucceeded(step.Item, step.Attempt, WithWarnings: false, $"It runs on {state.RecoveryHost}, and {state.HomeHost} receives its changes."),
            { Outcome: Outcome.RolledBack } => new AttemptCancelled(step.Item, step.Attempt, $"Rolled back: it runs on {state.RecoveryHost}."),
            { Refusal: { } refusal } => new AttemptFailed(step.Item, step.Attempt, RetryClass.Never, UpperSnake.Of(refusal), Named(state, Explanations.Of(new Refuse(refusal)))),
            _ => new AttemptFailed(step.Item, step.Attempt, RetryClass.Never, UpperSnake.Of(state.Outcome ?? Outcome.HandedOver), "A person took the machine out of the campaign's hands."),
        });

        private static string Ended(ReturnState state) => state.Drill is { IsWayBack: true }
            ? $"It has been to {state.RecoveryHost} and runs on {state.HomeHost} again; {state.RecoveryHost} receives its changes."
            : $"It runs on {state.HomeHost}, and {state.RecoveryHost} receives its changes.";

        // The machine's return records for whom it is done; with an outage, who approved it.
        private CommandOrigin Origin(string method, Google.Protobuf.IMessage request)
        {
            var approver = step.Pair!.OutageApprovedBy is { Length: > 0 } name && step.Kind == StepKind.SwitchOver ? $" (outages approved by {name})" : "";
            return new CommandOrigin(new Caller("coordinator", $"{campaign.Name}{approver}", ""), method, ResourceNames.Return(step.VirtualMachineId), request);
        }
    }
}
