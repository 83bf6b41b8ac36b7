using HostAgent.Campaigns.Spec;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Documents;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Drills;

/// <summary>
/// Rehearses returns by drills of the replica at home: whether its host can start it at all, with its memory, its version, its devices and its trusted platform module, shows
/// without an outage. The application check is run where an isolated switch is named, and told that it is a rehearsal. On no network there is nothing that it could reach: it is
/// then left to the switch over, and the rehearsal says so.
/// </summary>
internal sealed class Rehearsals(MachineDrills drills, TimeProvider time) : IRehearsals
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CancelAgain = TimeSpan.FromMinutes(5);

    public async Task<StepEnd> MakeAsync(ReturnState state, MadeStep step, Action<string> show, CancellationToken cancellationToken)
    {
        var drill = await JoinAsync(state, step, show, cancellationToken);
        var (late, cancelAt) = ("", DateTimeOffset.MinValue);
        while (true)
        {
            var (view, next) = drill.Watch();
            if (view.Run is { EndTime: not null } run)
            {
                return new StepEnd(run.Verdict == DrillVerdict.Passed, run.Verdict == DrillVerdict.EndedEarly ? $"The rehearsal was ended early.{late}" : $"{run.Explanation}{NotRun(state)}");
            }

            show(view.Progress.Length > 0 ? view.Progress : view.Run.InHand is { } made ? UpperSnake.Of(made.Kind) : view.Run.Explanation);
            if (Overdue(state, view.Run) is { } why && time.GetUtcNow() >= cancelAt)
            {
                (late, cancelAt) = ($" {why}", time.GetUtcNow() + CancelAgain);
                await CancelAsync(state, drill, why, cancellationToken);
            }

            await Task.WhenAny(next, Task.Delay(LookAgain, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Nothing of production is at stake, so a step that does not end is cancelled without asking; whether the machine goes home unrehearsed is asked then.
    private string? Overdue(ReturnState state, DrillRun run)
        => run.InHand is { OperationId: not null } made && state.Plan.ToSpec().StepWithin is var within && time.GetUtcNow() - made.StartTime >= within
            ? $"{UpperSnake.Of(made.Kind)} on {run.Host} had not ended within {DurationText.Write(within)}."
            : null;

    private static async Task CancelAsync(ReturnState state, MachineDrill drill, string why, CancellationToken cancellationToken)
    {
        var name = ResourceNames.Drill(drill.Watch().View.Run.Uid);
        var origin = new CommandOrigin(new Caller("coordinator", ResourceNames.Return(state.Machine), ""), "EndDrill", name, new EndDrillRequest { Name = name, Reason = why, CancelStep = true });
        try
        {
            await drill.EndAsync(origin, why, cancellationToken);
        }
        catch (RpcFailure)
        {
            // It is in the drill's audit and in the log, and is tried again.
        }
    }

    private static string NotRun(ReturnState state) => state.Plan is { ApplicationCheck: { Length: > 0 } check, RehearsalSwitch: null }
        ? $" The application check {check} was not run: the rehearsal is on no network."
        : "";

    // A drill that somebody has begun meanwhile is let to its end.
    private async Task<MachineDrill> JoinAsync(ReturnState state, MadeStep step, Action<string> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await drills.OfOwnerAsync(WantedBy(state, step), mayBegin: true, cancellationToken))!;
            }
            catch (RpcFailure failure) when (failure.Reason == "MACHINE_HELD")
            {
                show(failure.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private static DrillRun WantedBy(ReturnState state, MadeStep step) => new()
    {
        Uid = step.OperationId!.Value,
        Machine = state.Machine,
        MachineName = state.MachineName,
        Host = state.HomeHost,
        CreateTime = step.StartTime,
        CreatedBy = state.CreatedBy,
        Owner = new DrillOwner(state.Owner?.Campaign ?? state.Uid, state.Owner?.Name ?? ResourceNames.Return(state.Machine)),
        Plan = new ReturnPlan
        {
            HeartbeatTimeout = state.Plan.HeartbeatTimeout,
            IgnoreHeartbeat = state.Plan.IgnoreHeartbeat,
            ApplicationCheck = state.Plan.RehearsalSwitch is null ? "" : state.Plan.ApplicationCheck,
        },
        IsRehearsal = true,
        Switch = state.Plan.RehearsalSwitch,
        ProofValidFor = TestFailoverSpec.DefaultProofValidFor,
        Epoch = 1,
        Version = 1,
    };
}
