using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;
using HostAgent.Transport;
using Outcome = HostAgent.Failover.Outcome;

namespace HostAgent.Coordinator.Returns;

/// <content>What people, and campaigns for them, order: each is recorded with its outcome.</content>
internal sealed partial class MachineReturn
{
    /// <summary>Makes one step and waits for its end, or lets the return go on by itself.</summary>
    public async Task<ReturnView> AdvanceAsync(CommandOrigin origin, bool toTheEnd, string evidence, CancellationToken cancellationToken)
    {
        if (!toTheEnd)
        {
            await SettleAsync(cancellationToken);
        }

        await CommandAsync(origin, async () =>
        {
            if (State.InHand is not null && toTheEnd)
            {
                return (State with { Running = true }, null);
            }

            RequireIdle();
            var decision = await DecideAsync(cancellationToken);
            RequireEvidence(evidence, _view.Evidence, mayBeMissing: true);
            if (toTheEnd && decision is not (Done or Refuse))
            {
                return (State with { Running = true }, null);
            }

            return decision is Step step
                ? (State, step)
                : throw CampaignFailures.Precondition("NOTHING_TO_DO", $"{Name}: {Explanations.Of(decision)}", ("name", Name), ("next", decision.ToString()));
        }, cancellationToken);
        if (!toTheEnd)
        {
            await _making.WaitAsync(cancellationToken);
            return await LookAsync(cancellationToken);
        }

        if (State is { Running: true, EndTime: null })
        {
            Loop.Start();
        }

        return _view;
    }

    /// <summary>Records which attempt of a campaign's item it belongs to from now on.</summary>
    public async Task JoinAsync(ReturnOwner owner, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (State.EndTime is null && State.Owner != owner)
            {
                await SaveAsync(State with { Owner = owner }, _view.Read, _view.Decision, Act("joined-by-campaign", new { campaign = owner.Name, attempt = owner.Attempt }));
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Begins no further step by itself.</summary>
    public Task<ReturnView> PauseAsync(CommandOrigin origin, CancellationToken cancellationToken)
        => CommandAsync(origin, () => Task.FromResult<(ReturnState, Step?)>((State with { Running = false }, null)), cancellationToken);

    /// <summary>Takes a permission for what was shown.</summary>
    /// <param name="origin">Who gives it, and the request.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="evidence">What was shown.</param>
    /// <param name="ignoredChecks">For the outage: failed checks that are accepted.</param>
    /// <param name="cancellationToken">Gives it up; nothing is taken.</param>
    public Task<ReturnView> ApproveAsync(
        CommandOrigin origin, string gate, string evidence, IReadOnlyCollection<string> ignoredChecks, CancellationToken cancellationToken) => CommandAsync(origin, async () =>
    {
        RequireIdle();
        var decision = await DecideAfreshAsync(cancellationToken);
        if (decision is not Wait { Needs: { } needed } || UpperSnake.Of(needed.Gate) != gate)
        {
            throw CampaignFailures.Precondition("NO_GATE", $"{Name} does not wait for the approval {Shown(gate)}: {Explanations.Of(decision)}", ("name", Name), ("next", decision.ToString()));
        }

        RequireEvidence(evidence, _view.Evidence);
        if (needed.Gate == Gate.Outage)
        {
            RequireOutageApprover(origin);
            await RequireReadyAsync(ignoredChecks, cancellationToken);
        }

        return (State with { Records = State.Records.Approved(needed) }, null);
    }, cancellationToken);

    /// <summary>Takes an answer to what was asked.</summary>
    /// <param name="origin">Who gives it, and the request.</param>
    /// <param name="verb">The answer.</param>
    /// <param name="evidence">What was shown.</param>
    /// <param name="reason">Why, or how it is known.</param>
    /// <param name="ignoredChecks">For an answer that approves the outage: failed checks that are accepted.</param>
    /// <param name="cancellationToken">Gives it up; nothing is taken.</param>
    public Task<ReturnView> AnswerAsync(
        CommandOrigin origin, string verb, string evidence, string reason, IReadOnlyCollection<string> ignoredChecks, CancellationToken cancellationToken) => CommandAsync(origin, async () =>
    {
        RequireIdle();
        var decision = await DecideAfreshAsync(cancellationToken);
        if (decision is not Ask ask)
        {
            throw CampaignFailures.Precondition("NO_QUESTION", $"{Name} asks nothing: {Explanations.Of(decision)}", ("name", Name), ("next", decision.ToString()));
        }

        if (ask.Choices.FirstOrDefault(choice => UpperSnake.Of(choice.Verb) == verb) is not { } chosen)
        {
            throw CampaignFailures.Precondition(
                "NOT_LEGAL", $"{Shown(verb)} is no answer to {UpperSnake.Of(ask.Code)}; the answers are {string.Join(", ", ask.Choices.Select(choice => UpperSnake.Of(choice.Verb)))}", ("name", Name));
        }

        RequireEvidence(evidence, _view.Evidence);
        if (NeedsReason(chosen) && string.IsNullOrWhiteSpace(reason))
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("reason", $"is required for {verb}: who decides it, and how it is known"));
        }

        if (chosen.Verb == Verb.ApproveOutage)
        {
            RequireOutageApprover(origin);
            await RequireReadyAsync(ignoredChecks, cancellationToken);
        }
        else if (chosen.Verb == Verb.CancelStep)
        {
            await CancelStepAsync(Because(origin, reason), cancellationToken);
        }

        return (Answered(chosen.Verb) is var answered && chosen.Verb == Verb.GoBack ? answered with { GoesBackFor = Because(origin, reason) } : answered, null);
    }, cancellationToken);

    /// <summary>Reads both hosts and makes every check of whether the machine can return. Holds nothing up.</summary>
    public Task<PreflightReport> CheckAsync(CancellationToken cancellationToken) => services.Preflight.CheckAsync(State, cancellationToken);

    /// <summary>Changes where the return is to end.</summary>
    public Task<ReturnView> AimAsync(CommandOrigin origin, Goal goal, bool confirmsLoss, CancellationToken cancellationToken) => CommandAsync(origin, async () =>
    {
        RequireLive();
        if (State.InHand is null)
        {
            await DecideAsync(cancellationToken);
        }

        var read = _view.Read;
        if (goal == Goal.Back && !confirmsLoss && (read is null || FailoverDecision.GoingBackLosesHomeWrites(read.Recovery.Facts, read.Home.Facts, State.Records)))
        {
            throw CampaignFailures.Precondition(
                "CONFIRMATION_REQUIRED", $"{Name}: production may have run at {State.HomeHost}; going back loses what was written there. Confirm the loss.", ("name", Name), ("loses", "HOME"));
        }

        var why = origin.Request is Contracts.Campaigns.V1.SetReturnGoalRequest request ? request.Reason : "";
        return (State with { Goal = goal, Records = State.Records.Aims(goal), GoesBackFor = goal == Goal.Back ? Because(origin, why) : "" }, null);
    }, cancellationToken);

    /// <summary>Has the step that is being made, or a copy that an earlier one began, terminated by its host, or given up by its agent where the host has no job of it.</summary>
    public Task<ReturnView> CancelStepAsync(CommandOrigin origin, bool confirms, string reason, CancellationToken cancellationToken) => CommandAsync(origin, async () =>
    {
        RequireLive();
        if (!confirms)
        {
            throw CampaignFailures.Precondition(
                "CONFIRMATION_REQUIRED", $"{Name}: cancelling a step needs a confirmation: disks that a copy or a failover was writing are neither old nor new, and must not be booted", ("name", Name));
        }

        if (State.InHand is null)
        {
            await DecideAsync(cancellationToken);
        }

        await CancelStepAsync(Because(origin, reason), cancellationToken);
        return (State, null);
    }, cancellationToken);

    /// <summary>Whether a choice must be given with a reason.</summary>
    public static bool NeedsReason(Choice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Loses != Loss.None || choice.Verb is Verb.StateOff or Verb.KeepHome or Verb.KeepRecovery or Verb.HandOver or Verb.GoOnUnrehearsed or Verb.GoOnUnverified or Verb.CancelStep;
    }

    private static string Because(CommandOrigin origin, string reason) => reason.Length > 0 ? $"{origin.Caller.Name}: {reason}" : origin.Caller.Name;

    private ReturnState Answered(Verb verb)
    {
        var read = _view.Read!;
        if (verb == Verb.StateOff)
        {
            var silent = read.Recovery.Unreachable is not null ? Side.Recovery : Side.Home;
            return State.With(silent, State.At(silent) with { StatedOff = true }) with { Records = State.Records with { Waiting = null, Failures = 0, FailedStep = null } };
        }

        var evidence = verb == Verb.ApproveOutage
            ? FailoverDecision.OutageEvidenceOf(read.Recovery.Facts, read.Home.Facts, State.Goal)
            : FailoverDecision.EvidenceOf(read.Recovery.Facts, read.Home.Facts, State.Goal);
        return State with
        {
            Records = State.Records.Answered(new Order(verb, evidence)),
            Goal = verb == Verb.GoBack ? Goal.Back : verb == Verb.GoHome ? Goal.Home : State.Goal,
        };
    }

    private async Task CancelStepAsync(string why, CancellationToken cancellationToken)
    {
        if (State.InHand is { Kind: StepKind.Rehearse, OperationId: { } drill })
        {
            throw CampaignFailures.Precondition("STEP_NOT_CANCELLED", $"{Name} is being rehearsed; end that with \"failback vm end-drill {ResourceNames.Drill(drill)}\"", ("name", Name));
        }

        var (side, operation) = State.InHand is { } step ? (step.Side, step.OperationId)
            : _view.Read is { } read && AtWork(read) is { } copy ? (copy.Side, copy.Operation) : (default, default(Guid?));
        if (operation is not { } cancelled)
        {
            throw CampaignFailures.Precondition("NO_STEP_AT_WORK", $"{Name}: no host is at work on a step of it", ("name", Name));
        }

        await services.Steps.CancelAsync(State, side, cancelled, why, cancellationToken);
        _acted = services.Time.GetTimestamp();
    }

    // The one at the site that is read first; of a pair that is at work at both, the other one shows once this one has ended.
    private static (Side Side, Guid? Operation)? AtWork(PairRead read) => read switch
    {
        { Recovery.Facts.Job.Operation: { } operation } => (Side.Recovery, operation),
        { Home.Facts.Job.Operation: { } operation } => (Side.Home, operation),
        _ => null,
    };

    // What ends by itself is waited for: who asks for a step means the next one that can be made.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        while ((await LookAsync(either.Token)).Decision is Wait { Needs: null } wait)
        {
            await Task.Delay(PauseAfter(wait), services.Time, either.Token);
        }
    }

    // A command is recorded with its outcome, whether it took effect or not.
    private async Task<ReturnView> CommandAsync(CommandOrigin origin, Func<Task<(ReturnState State, Step? Step)>> prepare, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            try
            {
                var shown = _view.Read;
                var (after, step) = await prepare();
                // What was shown has been acted on; what comes next is decided below.
                await SaveAsync(after, _view.Read, decision: null, [.. _audit.Of(services.Time.GetUtcNow(), origin, refusal: null, isChange: true)]);
                if (step is not null)
                {
                    await BeginAsync(step);
                }
                else if (after is { InHand: null, EndTime: null })
                {
                    await (!ReferenceEquals(_view.Read, shown) && Serves(_view.Read!) ? DecideAsync(_view.Read!) : DecideAsync(cancellationToken));
                }
            }
            catch (RpcFailure refusal)
            {
                if (_audit.Of(services.Time.GetUtcNow(), origin, refusal, isChange: false) is { Count: > 0 } entries)
                {
                    await SaveAsync(State, _view.Read, _view.Decision, [.. entries]);
                }

                throw;
            }

            return _view;
        }
        finally
        {
            _gate.Release();
            Interlocked.Exchange(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    // What a command has read a moment ago serves for what comes after it, unless its checks have taken long, it has told a host something since, or a person has stated what a silent host
    // does not say.
    private bool Serves(PairRead read)
        => read.Began > _acted && services.Time.GetElapsedTime(read.Began) <= BusyPause && ReferenceEquals(read.Recovery.Memory, State.Recovery) && ReferenceEquals(read.Home.Memory, State.Home);

    // With the outage the service goes down: what would keep it down is found before.
    private async Task RequireReadyAsync(IReadOnlyCollection<string> ignored, CancellationToken cancellationToken)
    {
        var report = await services.Preflight.CheckAsync(State, cancellationToken);
        if (report.Against.Where(check => !ignored.Contains(check.Id)).ToList() is { Count: > 0 } against)
        {
            throw CampaignFailures.NotReady(Name, State.MachineName, against);
        }

        const string Hook = "BEFORE_OUTAGE_PROGRAM";
        if (!ignored.Contains(Hook) && await services.Check.BeforeOutageAsync(State, stopping) is { Succeeded: false } failed)
        {
            throw CampaignFailures.NotReady(
                Name, State.MachineName, [new HyperV.Readiness.ReadinessCheck(Hook, Passed: false, HyperV.Readiness.CheckSeverity.Overridable, failed.Explanation.TrimEnd('.'), "Put right what the program found; it is run again before the outage.")]);
        }
    }

    // A campaign acts for the approvers that it names; a person must be one of them.
    private void RequireOutageApprover(CommandOrigin origin)
    {
        if (State.Owner is { OutageApprovers: { Length: > 0 } approvers } owner && origin.Caller.Source.Length > 0 && !approvers.Split('\n').Contains(origin.Caller.Name, StringComparer.Ordinal))
        {
            throw CampaignFailures.NotAnApprover(Name, owner.Name, $"{origin.Caller.Name} is not an approver of the outages of {owner.Name}; the approvers are {approvers.Replace("\n", ", ", StringComparison.Ordinal)}");
        }
    }

    private void RequireLive()
    {
        if (State.EndTime is not null)
        {
            throw CampaignFailures.Precondition("RETURN_ENDED", $"{Name} has ended: {(State.Refusal is { } refusal ? $"it is refused, {UpperSnake.Of(refusal)}" : UpperSnake.Of(State.Outcome ?? Outcome.HandedOver))}", ("name", Name));
        }
    }

    private void RequireIdle()
    {
        RequireLive();
        if (State.InHand is { } step)
        {
            throw CampaignFailures.Precondition("STEP_IN_HAND", $"{Name} is making step {step.Number}, {UpperSnake.Of(step.Kind)} on {State.HostOf(step.Side)}; wait for its end", ("name", Name));
        }
    }

    private void RequireEvidence(string given, string now, bool mayBeMissing = false)
    {
        if (given.Length == 0 && !mayBeMissing)
        {
            throw CampaignFailures.InvalidRequest(new FieldViolation("evidence", "is missing; it must be what the return showed as next.evidence"));
        }

        if (given.Length > 0 && given != now)
        {
            throw CampaignFailures.Precondition("EVIDENCE_CHANGED", $"{Name} is not as it was shown (evidence {Shown(given)}, now {now}): look again before you decide", ("name", Name), ("evidence", now));
        }
    }

    private static string Shown(string text) => $"'{Texts.VisibleText.Line(text.Length > 80 ? text[..80] + "…" : text)}'";
}
