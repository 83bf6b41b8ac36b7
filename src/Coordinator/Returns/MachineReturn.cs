using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Failover;

namespace HostAgent.Coordinator.Returns;

/// <summary>What a return shows at a moment.</summary>
/// <param name="State">What is kept.</param>
/// <param name="Read">Both sites as they were last read; null before the first read of this process.</param>
/// <param name="Decision">What comes next; null while a step is made, and before the first read.</param>
/// <param name="Progress">How far the step in hand is; null when none is.</param>
/// <param name="Percent">The same in percent; null when the host does not say.</param>
internal sealed record ReturnView(ReturnState State, PairRead? Read, Decision? Decision, string? Progress, int? Percent)
{
    /// <summary>What names the shown decision: the goal, the runs and stops of both sites, and what was decided.</summary>
    public string Evidence => Decision is null || Read is null ? "" : EvidenceOf(Decision, Read, State.Goal);

    /// <summary>What came of the step that has failed last, and how often it has; null when it is not tried again, and when none has failed.</summary>
    public string? Failure => State.Records is { FailedStep: { } failed, Failures: var times and > 0 }
        && State.Steps.LastOrDefault(step => step.Kind == failed.Kind && step.Side == failed.Side) is { Succeeded: false } made
            ? string.Create(CultureInfo.InvariantCulture, $"{UpperSnake.Of(made.Kind)} on {State.HostOf(made.Side)} has failed{(times > 1 && times < State.Plan.ToSpec().Tries ? $" {times} times" : "")}: {made.Explanation}")
            : null;

    /// <summary>What the decision is about, as the hosts or the last step showed it: who is silent, or what was tried and with which end; empty when the decision says everything.</summary>
    public string Detail => Decision switch
    {
        Wait { Why: WaitReason.SiteSilent } or Ask { Code: Question.PeerUnreachable or Question.OutagePeerSilent }
            => string.Join(" ", Enum.GetValues<Side>().Where(side => Read?.At(side).Unreachable is not null).Select(side => $"{State.HostOf(side)} does not answer: {Read!.At(side).Unreachable!.TrimEnd('.')}.")),
        Wait { Why: WaitReason.TryAgain } or Ask { Code: Question.StepFails or Question.NoReverse } => Failure ?? "",
        Ask { Code: Question.StepStalled } => Stalled,
        Ask { Code: Question.Unhealthy } => LastFailed(StepKind.VerifyGuest),
        Ask { Code: Question.RehearsalFailed } => LastFailed(StepKind.Rehearse),
        // It could not be begun.
        Step => Progress ?? "",
        _ => "",
    };

    private string Stalled => (Read?.Recovery.Facts.Job?.Operation ?? Read?.Home.Facts.Job?.Operation) is { } operation && State.Steps.LastOrDefault(step => step.OperationId == operation) is { } made
        ? string.Create(CultureInfo.InvariantCulture, $"It is {UpperSnake.Of(made.Kind)} on {State.HostOf(made.Side)}, begun at {made.StartTime.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.")
        : "";

    private string LastFailed(StepKind kind) => State.Steps.LastOrDefault(step => step.Kind == kind) is { Succeeded: false } failed ? failed.Explanation : "";

    public static string EvidenceOf(Decision decision, PairRead read, Goal goal)
    {
        var evidence = decision is Wait { Needs: { } needed } ? needed.Evidence : FailoverDecision.EvidenceOf(read.Recovery.Facts, read.Home.Facts, goal);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{decision}|{evidence.Goal}|{evidence.RecoveryStart?.UtcTicks}|{evidence.RecoveryStop?.UtcTicks}|{evidence.HomeStart?.UtcTicks}|{evidence.HomeStop?.UtcTicks}|{evidence.Pair}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }
}

/// <summary>Rehearses returns.</summary>
internal interface IRehearsals
{
    /// <summary>Makes the rehearsal of a step at home, or joins it however far it is, and waits until it has a verdict and nothing of it is left.</summary>
    /// <param name="state">The return.</param>
    /// <param name="step">The step; its operation is the uid of the drill.</param>
    /// <param name="show">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops waiting; the rehearsal goes on.</param>
    Task<StepEnd> MakeAsync(ReturnState state, MadeStep step, Action<string> show, CancellationToken cancellationToken);
}

/// <summary>What every return works with.</summary>
internal sealed record ReturnServices(
    KeptStates<ReturnState> Store, SiteReader Reader, HomePreflight Preflight, ReturnSteps Steps, GuestCheck Check, Func<IRehearsals> Rehearsals, Campaigns.MachineHolds Holds, TimeProvider Time, ILogger<MachineReturn> Logger);

/// <summary>
/// One return: reads both hosts, decides, makes one step, and reads again. A decision and what it leads to are durable before anything is sent; while a step
/// is made nothing else is.
/// </summary>
internal sealed partial class MachineReturn(ReturnState state, ReturnServices services, CancellationToken stopping) : IDisposable
{
    /// <summary>The longest text that can name a decision.</summary>
    public const int LongestEvidence = 64;

    private const int ShownSteps = 50;
    private const string Self = "coordinator";

    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan QuietPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PersonPause = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _viewing = new();
    private readonly CommandAudit _audit = new();
    private ReturnView _view = new(state, Read: null, Decision: null, Progress: null, Percent: null);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _acted = long.MinValue;
    private OnDemandLoop? _loop;
    private Task _making = Task.CompletedTask;

    public string Name => ResourceNames.Return(state.Machine);

    /// <summary>The newest view, and a task that completes when there is a newer one.</summary>
    public (ReturnView View, Task Next) Watch()
    {
        lock (_viewing)
        {
            return (_view, _changed.Task);
        }
    }

    /// <summary>Reads both hosts, unless a step is being made, and shows what comes next.</summary>
    public async Task<ReturnView> LookAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (State is { InHand: null, EndTime: null })
            {
                await DecideAsync(cancellationToken);
            }

            return _view;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Completes when nothing of the return runs in this process any more.</summary>
    public async Task StopAsync()
    {
        await _resuming;
        await Task.WhenAll(Loop.Completion, _making);
    }

    private ReturnState State => _view.State;

    private OnDemandLoop Loop => LazyInitializer.EnsureInitialized(ref _loop, () => new OnDemandLoop(RunAsync));

    // Goes on until it has ended, is paused, or the coordinator stops.
    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _making;
                var wake = Volatile.Read(ref _wake).Task;
                if (await TurnAsync() is not { } pause)
                {
                    return;
                }

                await Task.WhenAny(Task.Delay(pause, services.Time, stopping), wake);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The coordinator is stopping; the next one goes on.
            }
            catch (Exception exception)
            {
                LogNotGoingOn(exception);
                await Task.Delay(QuietPause, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Decides once. Returns how long to wait before the next time; null when the return does not go on by itself any more.
    private async Task<TimeSpan?> TurnAsync()
    {
        await _gate.WaitAsync(stopping);
        try
        {
            if (State is not { Running: true, EndTime: null })
            {
                // Still behind the gate: a command that sets it running comes after this, and starts another.
                Loop.End();
                return null;
            }

            if (State.InHand is not null)
            {
                return TimeSpan.Zero;
            }

            var decision = await DecideAsync(stopping);
            if (decision is not Step step)
            {
                return PauseAfter(decision);
            }

            await BeginAsync(step);
            return TimeSpan.Zero;
        }
        finally
        {
            _gate.Release();
        }
    }

    private TimeSpan PauseAfter(Decision decision) => decision switch
    {
        Wait { Needs: not null } or Ask => PersonPause,
        Wait when State.OutageSince is not null => BusyPause,
        Wait { Why: WaitReason.OwnJob or WaitReason.Copying or WaitReason.PeerLags or WaitReason.FinalChanges or WaitReason.PowerChanging or WaitReason.ReadNotBelieved } => BusyPause,
        _ => QuietPause,
    };

    // What else is believed for a while is read too: a person's permission may take the service down.
    private Task<Decision> DecideAfreshAsync(CancellationToken cancellationToken)
    {
        Show(view => view with { State = view.State with { Home = view.State.Home with { NetworkReadyTime = null } } }, isNews: false);
        return DecideAsync(cancellationToken);
    }

    // Only under the gate, and while no step is in hand.
    private async Task<Decision> DecideAsync(CancellationToken cancellationToken) => await DecideAsync(await services.Reader.ReadAsync(State, cancellationToken));

    private async Task<Decision> DecideAsync(PairRead read)
    {
        var before = State;
        var (recovery, home, now) = (read.Recovery.Facts, read.Home.Facts, services.Time.GetUtcNow());
        var records = before.Records.Seen(recovery, home);
        var decision = FailoverDecision.Next(recovery, home, before.Plan.ToSpec(), records, before.Goal, now);
        if (decision is Wait wait && records.Waiting != wait.Why)
        {
            records = records with { Waiting = wait.Why, WaitingSince = now };
        }

        var runs = recovery is { Reached: true, Power: Power.Running } || home is { Reached: true, Power: Power.Running };
        var after = before with
        {
            Records = records,
            Recovery = read.Recovery.Memory,
            Home = read.Home.Memory,
            MachineName = read.Recovery.Message?.VirtualMachine?.Name ?? read.Home.Message?.VirtualMachine?.Name ?? before.MachineName,
            OutageSince = runs ? null : before.OutageSince ?? (records.Shutdown is null ? null : now),
        };
        switch (decision)
        {
            case Done done:
                after = after with { EndTime = now, Outcome = done.Outcome, Running = false, OutageSince = null };
                break;
            case Refuse refuse:
                after = after with { EndTime = now, Refusal = refuse.Code, Running = false };
                break;
        }

        if (after.EndTime is not null)
        {
            await SaveAsync(after, read, decision, Act("return-ended", new { outcome = after.Outcome?.ToString(), refusal = after.Refusal?.ToString() }));
            services.Holds.Set(new Campaigns.MachineHold(after.Uid, Name, after.Machine, after.RecoveryHost, Campaigns.HoldState.Released));
            LogEnded(services.Logger, Name, decision.ToString()!);
        }
        else if (Kept(after) != Kept(before))
        {
            await SaveAsync(after, read, decision);
        }
        else
        {
            // The facts' own names and times differ with each read, and are no change.
            Show(view => view with { State = after, Read = read, Decision = decision, Progress = null, Percent = null }, isNews: _view.Decision != decision);
        }

        return decision;
    }

    private static (FailoverRecords, SiteMemory, SiteMemory, bool) Kept(ReturnState state)
        => (state.Records, state.Recovery with { LastFacts = null }, state.Home with { LastFacts = null, NetworkReadyTime = null }, state.OutageSince is null);

    // Only under the gate: the intent is durable before the call is sent.
    private async Task BeginAsync(Step step)
    {
        var (read, now) = (_view.Read!, services.Time.GetUtcNow());
        var made = new MadeStep(State.StepCount + 1, step.Kind, step.Side, step.Kind == StepKind.VerifyGuest ? null : Guid.CreateVersion7(now), now);
        var records = (State.Records with { Waiting = null }).Intends(step, read.Recovery.Facts, read.Home.Facts, now + State.Plan.ShutdownTimeout + TimeSpan.FromHours(1));
        if (_unclaimed.Count > 0)
        {
            await ClaimAsync();
        }

        await SaveAsync(
            State with { Records = records, InHand = made, StepCount = made.Number },
            read,
            decision: null,
            Act("step-begun", new { number = made.Number, kind = UpperSnake.Of(step.Kind), side = UpperSnake.Of(step.Side), host = State.HostOf(step.Side), operation = made.OperationId, used = step.Uses?.Gate.ToString() }));
        LogStep(services.Logger, Name, made.Number, step.Kind, step.Side, State.HostOf(step.Side), made.OperationId);
        _making = FinishAsync(made, read);
    }

    private async Task FinishAsync(MadeStep step, PairRead? read)
    {
        // Not on the caller's thread: it still holds the gate.
        await Task.Yield();
        while (!await TryFinishAsync(step, read))
        {
            // It may have been sent: it is followed, and never sent again.
            read = null;
            await Task.Delay(QuietPause, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryFinishAsync(MadeStep step, PairRead? read)
    {
        try
        {
            var end = (step.OperationId, read) switch
            {
                _ when step.Kind == StepKind.Rehearse => await services.Rehearsals().MakeAsync(State, step, text => Show(view => view with { Progress = text }), stopping),
                (null, _) => await services.Check.CheckAsync(StartedGuest.Of(State, step.Side), text => Show(view => view with { Progress = text }), stopping),
                (_, null) => await services.Steps.FollowAsync(State, step, ShowProgress, stopping),
                (_, { } decidedOn) => await services.Steps.MakeAsync(State, step, decidedOn, ShowProgress, stopping),
            };
            // Of an earlier process, which the claim has fenced out: what it may still have under way is refused.
            await EndAsync(step, end, neverSent: read is null && end.IsUnknown && !_unclaimed.Contains(step.Side));
            return true;
        }
        catch (Exception exception) when (stopping.IsCancellationRequested && exception is (OperationCanceledException or Grpc.Core.RpcException))
        {
            // The step stays in hand; the next coordinator finds out what became of it.
            return true;
        }
        catch (Exception exception)
        {
            // A fault of ours must not leave a machine in the middle of its outage.
            LogTurnFailed(services.Logger, exception, Name, QuietPause);
            return false;
        }
    }

    // What has happened must not be lost because the store cannot take it just now.
    private async Task EndAsync(MadeStep step, StepEnd end, bool neverSent)
    {
        while (true)
        {
            await _gate.WaitAsync(stopping);
            try
            {
                var now = services.Time.GetUtcNow();
                var records = !end.IsVerdict ? State.Records
                    : neverSent ? State.Records.NeverSent(step.ToStep())
                    : step.Kind == StepKind.VerifyGuest ? State.Records with { Verification = new VerificationRecord(State.At(step.Side).Runs.LastStart, end.Succeeded) }
                    : State.Records.Ended(step.ToStep(), end.Succeeded, now);
                if (end.IsOverdue)
                {
                    // It is asked about as soon as its host is read and shows it at work.
                    records = records with { Waiting = WaitReason.OwnJob, WaitingSince = step.StartTime };
                }

                if (end.IsLasting)
                {
                    records = records with { Failures = State.Plan.ToSpec().Tries };
                }

                var ended = step with { EndTime = now, Succeeded = end.Succeeded, Explanation = end.Explanation };
                await SaveAsync(
                    State with { Records = records, InHand = null, Steps = [.. State.Steps.TakeLast(ShownSteps - 1), ended] },
                    _view.Read,
                    decision: null,
                    Act("step-ended", new { number = step.Number, succeeded = end.Succeeded, explanation = end.Explanation }));
                LogStepEnded(services.Logger, Name, step.Number, end.Succeeded, end.Explanation);
                return;
            }
            catch (StoreUnavailableException exception)
            {
                LogTurnFailed(services.Logger, exception, Name, QuietPause);
            }
            finally
            {
                _gate.Release();
            }

            await Task.Delay(QuietPause, services.Time, stopping);
        }
    }

    private void ShowProgress(FailbackProgress progress)
        => Show(view => view with { Progress = progress.Explanation.Length > 0 ? progress.Explanation : view.Progress, Percent = progress.HasPercentComplete ? progress.PercentComplete : view.Percent });

    private Task SaveAsync(ReturnState after) => SaveAsync(after, _view.Read, _view.Decision);

    private async Task SaveAsync(ReturnState after, PairRead? read, Decision? decision, params IReadOnlyList<AuditEntry> entries)
    {
        var next = after with { Version = State.Version + 1 };
        await services.Store.WriteAsync(next, entries);
        Show(view => new ReturnView(next, read, decision, next.InHand is null ? null : view.Progress, next.InHand is null ? null : view.Percent));
    }

    // A step's progress comes while commands change the state: each changes the view as it then is, so that neither takes the other's change back.
    private void Show(Func<ReturnView, ReturnView> change, bool isNews = true)
    {
        TaskCompletionSource? changed = null;
        lock (_viewing)
        {
            _view = change(_view);
            if (isNews)
            {
                (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        changed?.TrySetResult();
    }

    private AuditEntry Act(string action, object details) => AuditEntry.OfCoordinator(services.Time.GetUtcNow(), Self, action, Name, details);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "{Return} begins step {Number}: {Kind} at {Side} on {Host}, operation {OperationId}")]
    private static partial void LogStep(ILogger logger, string @return, int number, StepKind kind, Side side, string host, Guid? operationId);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "{Return} has ended step {Number}, succeeded {Succeeded}: {Explanation}")]
    private static partial void LogStepEnded(ILogger logger, string @return, int number, bool succeeded, string explanation);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Information, Message = "{Return} has ended: {Decision}")]
    private static partial void LogEnded(ILogger logger, string @return, string decision);
}
