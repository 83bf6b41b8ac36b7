using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Drills;

/// <summary>What a drill shows at a moment.</summary>
/// <param name="Run">What is kept.</param>
/// <param name="Progress">What the step in hand says, or what is waited for; empty when nothing is.</param>
internal sealed record DrillView(DrillRun Run, string Progress);

/// <summary>What every drill works with.</summary>
internal sealed record DrillServices(
    KeptStates<DrillRun> Store, AgentRegistry Registry, AgentClient Calls, AgentSteps Steps, GuestCheck Check, LiveDrills Live, Campaigns.MachineHolds Holds, TimeProvider Time, ILogger<MachineDrill> Logger);

/// <summary>
/// One drill: reads the host, decides, makes one step, and reads again, until what it has made is removed. A step's intent is durable before it is sent, and what a
/// test failover has made is durable before anything is done with it.
/// </summary>
internal sealed partial class MachineDrill(DrillRun run, DrillServices services, CancellationToken stopping) : IDisposable
{
    private const int ShownSteps = 50;
    private const int MostUnsent = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _viewing = new();
    private readonly CommandAudit _audit = new();
    private DrillView _view = new(run, "");
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _checking;
    private bool _claimed;
    private bool _hasNewEpoch;
    private bool _fenced;
    private Task _running = Task.CompletedTask;

    private DrillRun Run => _view.Run;

    private string Name => ResourceNames.Drill(Run.Uid);

    /// <summary>The newest view, and a task that completes when there is a newer one.</summary>
    public (DrillView View, Task Next) Watch()
    {
        lock (_viewing)
        {
            return (_view, _changed.Task);
        }
    }

    /// <summary>Goes on by itself from here.</summary>
    /// <param name="isNew">Whether no earlier process has had it.</param>
    public void Start(bool isNew)
    {
        _claimed = isNew;
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Completes when nothing of the drill runs in this process any more.</summary>
    public Task StopAsync() => _running;

    /// <summary>Ends it early: what was made is removed.</summary>
    /// <param name="origin">Who orders it, and the request.</param>
    /// <param name="stepReason">Why the host is asked to terminate the step that is being made; null when it is waited for.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="RpcFailure">The step cannot be cancelled; nothing is changed.</exception>
    public async Task<DrillView> EndAsync(CommandOrigin origin, string? stepReason, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (stepReason is not null && Run.InHand?.OperationId is { } operation)
            {
                await CancelAsync(origin, operation, stepReason, cancellationToken);
            }

            var after = Run.Verdict is null ? Judged(Run, DrillVerdict.EndedEarly, "Ended early.") : Run with { Soak = TimeSpan.Zero };
            await SaveAsync(after, "", [.. _audit.Of(services.Time.GetUtcNow(), origin, refusal: null, isChange: true)]);
            if (_checking is { } checking)
            {
                await checking.CancelAsync();
            }
        }
        finally
        {
            _gate.Release();
        }

        Interlocked.Exchange(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return _view;
    }

    public void Dispose() => _gate.Dispose();

    private async Task CancelAsync(CommandOrigin origin, Guid operation, string why, CancellationToken cancellationToken)
    {
        try
        {
            await services.Steps.CancelAsync(Run.Host, operation, why.Length == 0 ? origin.Caller.Name : $"{origin.Caller.Name}: {why}", cancellationToken);
        }
        catch (RpcFailure refusal)
        {
            LogNotCancelled(services.Logger, Name, operation, refusal.Message);
            await SaveAsync(Run, _view.Progress, [.. _audit.Of(services.Time.GetUtcNow(), origin, refusal, isChange: false)]);
            throw;
        }
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested && Run.EndTime is null)
        {
            try
            {
                var wake = Volatile.Read(ref _wake).Task;
                if (await TurnAsync() is { } pause)
                {
                    await Task.WhenAny(Task.Delay(pause, services.Time, stopping), wake);
                }
            }
            catch (Exception exception) when (stopping.IsCancellationRequested && exception is OperationCanceledException or Grpc.Core.RpcException)
            {
                // The coordinator is stopping; the next one goes on.
            }
            catch (Exception exception)
            {
                LogTurnFailed(services.Logger, exception, Name, FirstRetry);
                await Task.Delay(FirstRetry, services.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Does one thing. Returns how long to wait before the next; null for not at all.
    private async Task<TimeSpan?> TurnAsync()
    {
        if (!_claimed && await ClaimAsync() is { } against)
        {
            Show(view => view with { Progress = against });
            return FirstRetry;
        }

        if (Run.InHand is { } left)
        {
            return await EndStepAsync(left, left.OperationId is { } id
                ? await services.Steps.FollowAsync(Run.Host, id.ToString("D"), OperationOf(left.Kind), afterSequence: 0, ShowProgress, stopping)
                : await CheckAsync());
        }

        var facts = await ReadAsync();
        var now = services.Time.GetUtcNow();
        switch (DrillDecision.Next(Run, facts, now))
        {
            case DrillNext.Make make:
                return await MakeAsync(make, facts!, now);
            case DrillNext.Judge(var verdict, var why):
                await ChangeAsync(drill => drill.Verdict is null ? Judged(drill, verdict, why) : drill);
                return null;
            case DrillNext.End:
                await ChangeAsync(drill => drill with { EndTime = now }, Act("drill-ended", new { verdict = Run.Verdict.ToString(), explanation = Run.Explanation }));
                services.Live.Remove(Run.Machine);
                services.Holds.Set(new Campaigns.MachineHold(Run.Uid, Name, Run.Machine, Run.Host, Campaigns.HoldState.Released));
                LogEnded(services.Logger, Name, Run.Verdict.ToString()!, Run.Explanation);
                return null;
            case DrillNext.Wait(var why):
                if (Run.WaitingSince is null)
                {
                    await ChangeAsync(drill => drill with { WaitingSince = now });
                }

                Show(view => view with { Progress = why }, isNews: _view.Progress != why);
                return Pause;
            case var other:
                throw new InvalidOperationException($"{other} is no part of a drill.");
        }
    }

    // Afterwards the host refuses what was sent before and has not arrived yet. Returns why not; null when it has.
    private async Task<string?> ClaimAsync()
    {
        if (!_hasNewEpoch)
        {
            await ChangeAsync(drill => drill with { Epoch = drill.Epoch + 1 });
            _hasNewEpoch = true;
        }

        try
        {
            _claimed = await services.Steps.TryClaimAsync(Run.Uid, Run.Epoch, Run.Host, stopping);
        }
        catch (RpcFailure refusal)
        {
            _hasNewEpoch = !AgentRefusals.IsBehind(refusal, Run.Epoch);
            LogRefused(services.Logger, Name, refusal.Message, FirstRetry);
            return refusal.Message;
        }

        (_fenced, _hasNewEpoch) = (_claimed, !_claimed);
        return _claimed ? null : $"{Run.Host} does not answer.";
    }

    private async Task<TimeSpan?> MakeAsync(DrillNext.Make next, DrillFacts facts, DateTimeOffset now)
    {
        var kind = next.Kind;
        // What has failed is tried again, less and less often: what was made must be removed.
        if (Run is { Failures: > 0 and var failures, Steps: [.., { Kind: var failed, EndTime: { } at }] } && failed == kind)
        {
            var again = at + TimeSpan.FromTicks(Math.Min(LongestRetry.Ticks, FirstRetry.Ticks << Math.Min(failures - 1, 10)));
            if (again > now)
            {
                return again - now < Pause ? again - now : Pause;
            }
        }

        DrillStep? step = null;
        await ChangeAsync(
            drill =>
            {
                // Ended early between the decision and here: then nothing more is made.
                if (drill.Verdict is not null && kind is DrillStepKind.TestFailover or DrillStepKind.ConnectNetwork or DrillStepKind.StartMachine or DrillStepKind.VerifyGuest)
                {
                    return drill;
                }

                step = new DrillStep(drill.StepCount + 1, kind, kind == DrillStepKind.VerifyGuest ? null : Guid.CreateVersion7(now), now);
                return drill with
                {
                    InHand = step,
                    StepCount = step.Number,
                    WaitingSince = null,
                    Made = drill.Made || kind == DrillStepKind.TestFailover,
                    Started = drill.Started || kind == DrillStepKind.StartMachine,
                    ReplicaTime = kind == DrillStepKind.TestFailover ? facts.Replica.VirtualMachine?.LastReplicationTime?.ToDateTimeOffset() : drill.ReplicaTime,
                    Isolation = kind == DrillStepKind.TestFailover ? IsolationOf(drill, facts) : drill.Isolation,
                };
            },
            Act("step-begun", new { kind = UpperSnake.Of(kind), host = Run.Host }));
        if (step is not { } begun)
        {
            return null;
        }

        _fenced = false;
        LogStep(services.Logger, Name, begun.Number, kind, Run.Host, begun.OperationId);
        return await EndStepAsync(begun, begun.OperationId is { } id ? await services.Steps.MakeAsync(Run.Host, Request(begun, next, id, facts), ShowProgress, stopping) : await CheckAsync());
    }

    private StartOperationRequest Request(DrillStep step, DrillNext.Make next, Guid operationId, DrillFacts facts)
    {
        var onReplica = step.Kind is DrillStepKind.TestFailover or DrillStepKind.EndTestFailover;
        var shown = onReplica ? facts.Replica : facts.Test!;
        return new StartOperationRequest
        {
            OperationId = operationId.ToString("D"),
            VirtualMachineId = Upper(onReplica ? Run.Machine : Run.TestMachine!.Value),
            Kind = OperationOf(step.Kind),
            Campaign = services.Steps.Context(Run.Uid, Run.Machine, step.Number, Run.Epoch),
            Expected = ReturnSteps.Expected(shown),
            TestMachineId = step.Kind == DrillStepKind.EndTestFailover ? Upper(Run.TestMachine!.Value) : "",
            NetworkAdapter = next.Adapter,
            VirtualSwitch = step.Kind == DrillStepKind.ConnectNetwork ? Run.Switch! : "",
        };
    }

    // Whoever ends the drill does not wait for a guest that does not come up.
    private async Task<StepEnd> CheckAsync()
    {
        using var checking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _checking = checking;
        try
        {
            if (Run.Verdict is not null)
            {
                return NotChecked();
            }

            return await services.Check.CheckAsync(
                new StartedGuest(Run.TestMachine!.Value, Run.MachineName, Run.Host, Run.Plan)
                {
                    TestOf = Run.Machine,
                    Occasion = Run.IsRehearsal ? "REHEARSAL" : "VERIFY",
                    Network = Run.Switch is { } name ? new ExpectedNetwork(Run.Plan, Seen: null, name) : null,
                },
                text => Show(view => view with { Progress = text }), checking.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return NotChecked();
        }
        finally
        {
            _checking = null;
        }

        static StepEnd NotChecked() => new(Succeeded: false, "The drill was ended.") { IsVerdict = false };
    }

    // Returns how long to wait before the next thing; null for not at all.
    private async Task<TimeSpan?> EndStepAsync(DrillStep step, StepEnd end)
    {
        if (end.IsOpen)
        {
            // It stays in hand: what a test failover has made must be known before anything else is done.
            Show(view => view with { Progress = end.Explanation });
            return FirstRetry;
        }

        if (end.IsUnknown && !_fenced)
        {
            // What the host does not know may still be under way to it.
            _claimed = false;
            return null;
        }

        var now = services.Time.GetUtcNow();
        LogStepEnded(services.Logger, Name, step.Number, end.Succeeded, end.Explanation);
        var mayBeMade = end.IsUnknown && Run.Failures < MostUnsent;
        await ChangeAsync(
            drill =>
            {
                var ended = step with { EndTime = now, Succeeded = end.Succeeded, Explanation = end.Explanation };
                var after = drill with
                {
                    InHand = null,
                    Steps = [.. drill.Steps.TakeLast(ShownSteps - 1), ended],
                    Failures = end.Succeeded ? 0 : drill.Failures + 1,
                    TestMachine = end.TestMachine ?? drill.TestMachine,
                };
                return (step.Kind, drill.Verdict, end.Succeeded) switch
                {
                    // It never happened, and never will: it may be made.
                    (DrillStepKind.TestFailover, null, false) when mayBeMade => after with { Made = false },
                    (DrillStepKind.StartMachine, null, false) when mayBeMade => after with { Started = false },
                    (DrillStepKind.VerifyGuest, null, var good) when end.IsVerdict => Judged(after, good ? DrillVerdict.Passed : DrillVerdict.Failed, end.Explanation),
                    // To connect it again changes nothing.
                    (DrillStepKind.ConnectNetwork, null, false) when mayBeMade => after,
                    (DrillStepKind.StartMachine or DrillStepKind.ConnectNetwork, null, false) => Judged(after, DrillVerdict.Failed, Failed()),
                    // What it may have left behind is looked for first.
                    (DrillStepKind.TestFailover, null, false) => after with { Explanation = Failed() },
                    _ => after,
                };
            },
            Act("step-ended", new { number = step.Number, kind = UpperSnake.Of(step.Kind), succeeded = end.Succeeded, explanation = end.Explanation, test_machine = end.TestMachine }));
        return null;

        string Failed() => $"{UpperSnake.Of(step.Kind)} on {Run.Host}: {end.Explanation}";
    }

    private DrillRun Judged(DrillRun drill, DrillVerdict verdict, string why)
        => drill with { Verdict = verdict, Explanation = why, VerdictTime = services.Time.GetUtcNow(), WaitingSince = null, Failures = 0 };

    private async Task<DrillFacts?> ReadAsync()
    {
        if (!services.Registry.TryFind(Run.Host, out var connection))
        {
            return null;
        }

        try
        {
            var replica = await AskAsync(Run.Machine, isTest: false);
            return new DrillFacts(replica, Run.TestMachine is { } test ? await AskAsync(test, isTest: true) : null);
        }
        catch (RpcFailure)
        {
            // The failed call is recorded with the host.
            return null;
        }

        Task<MachineFacts> AskAsync(Guid machine, bool isTest)
        {
            var request = new GetMachineFactsRequest { VirtualMachineId = Upper(machine), IncludeAdapters = isTest && Run is { Switch: not null, Started: false }, VirtualSwitch = isTest ? "" : Run.Switch ?? "" };
            return services.Calls.CallAsync(connection, options => connection.Operations.GetMachineFactsAsync(request, options).ResponseAsync, stopping);
        }
    }

    // What has happened must not be lost because the store cannot take it just now.
    private async Task ChangeAsync(Func<DrillRun, DrillRun> change, params IReadOnlyList<AuditEntry> entries)
    {
        while (true)
        {
            await _gate.WaitAsync(stopping);
            try
            {
                var after = change(Run);
                if (after != Run)
                {
                    await SaveAsync(after, "", entries);
                }

                return;
            }
            catch (StoreUnavailableException exception)
            {
                LogTurnFailed(services.Logger, exception, Name, FirstRetry);
            }
            finally
            {
                _gate.Release();
            }

            await Task.Delay(FirstRetry, services.Time, stopping);
        }
    }

    private async Task SaveAsync(DrillRun after, string progress, IReadOnlyList<AuditEntry> entries)
    {
        var next = after with { Version = Run.Version + 1 };
        await services.Store.WriteAsync(next, entries);
        Show(_ => new DrillView(next, progress));
    }

    private void ShowProgress(FailbackProgress progress) => Show(view => view with { Progress = progress.Explanation.Length > 0 ? progress.Explanation : view.Progress });

    private void Show(Func<DrillView, DrillView> change, bool isNews = true)
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

    private AuditEntry Act(string action, object details) => AuditEntry.OfCoordinator(services.Time.GetUtcNow(), "coordinator", action, Name, details);

    private static string IsolationOf(DrillRun drill, DrillFacts facts) => drill.Switch is null ? "NO_NETWORK" : facts.Switch is { } shown ? UpperSnake.Of(shown.Kind) : "";

    private static string Upper(Guid machine) => machine.ToString("D").ToUpperInvariant();

    private static OperationKind OperationOf(DrillStepKind kind) => kind switch
    {
        DrillStepKind.TestFailover => OperationKind.TestFailover,
        DrillStepKind.ConnectNetwork => OperationKind.ConnectNetwork,
        DrillStepKind.StartMachine => OperationKind.StartMachine,
        DrillStepKind.TurnOff => OperationKind.TurnOff,
        DrillStepKind.EndTestFailover => OperationKind.EndTestFailover,
        _ => OperationKind.Unspecified,
    };

    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "{Drill} begins step {Number}: {Kind} on {Host}, operation {OperationId}")]
    private static partial void LogStep(ILogger logger, string drill, int number, DrillStepKind kind, string host, Guid? operationId);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Information, Message = "{Drill} has ended step {Number}, succeeded {Succeeded}: {Explanation}")]
    private static partial void LogStepEnded(ILogger logger, string drill, int number, bool succeeded, string explanation);

    [LoggerMessage(EventId = 4203, Level = LogLevel.Information, Message = "{Drill} has ended: {Verdict}. {Explanation}")]
    private static partial void LogEnded(ILogger logger, string drill, string verdict, string explanation);

    [LoggerMessage(EventId = 4205, Level = LogLevel.Warning, Message = "{Drill}: operation {OperationId} could not be cancelled: {Explanation}")]
    private static partial void LogNotCancelled(ILogger logger, string drill, Guid operationId, string explanation);

    [LoggerMessage(EventId = 4206, Level = LogLevel.Warning, Message = "{Drill} does not go on; trying again in {Pause}: {Explanation}")]
    private static partial void LogRefused(ILogger logger, string drill, string explanation, TimeSpan pause);

    [LoggerMessage(EventId = 4204, Level = LogLevel.Error, Message = "{Drill} could not go on; trying again in {Pause}")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, string drill, TimeSpan pause);
}
