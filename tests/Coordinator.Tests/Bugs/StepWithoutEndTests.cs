using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using CampaignState = HostAgent.Contracts.Campaigns.V1.CampaignState;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// A step whose job stood still, or had gone while its machine went on showing that the host is at it, was followed for ever: nobody was asked after stepTimeout, and no command ended it.
/// </summary>
public sealed class StepWithoutEndTests
{
    private static readonly StepStuckFault StuckStart = new(JobType.StartVirtualMachine) { Times = 1 };

    [Fact]
    public async Task Person_is_asked_about_it_after_its_deadline_and_can_have_it_cancelled()
    {
        var clock = new HurriedClock();
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Faults = [StuckStart] }, time: clock);
        var campaign = await stage.Coordinator.CreateAsync(Yaml.Campaign(spec: "strategy: {name: host-to-host, rehearse: false, attach: automatic, outage: automatic, accept: automatic, stepTimeout: 30m, copyTimeout: 90d}"));
        await stage.Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01").Explanation == "START_MACHINE on hv-east-01", "the machine to be started");
        await StartingAsync(stage);

        clock.Pass(TimeSpan.FromMinutes(31));
        var held = await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Campaign.Counts.Held == 1, "the machine to be held");

        var item = held.Item("sql-01");
        item.FailureReason.ShouldBe("STEP_STALLED");
        item.Explanation.ShouldContain("It is START_MACHINE on hv-east-01, begun at ");
        var why = await stage.Coordinator.Campaigns.ExplainCampaignAsync(new ExplainCampaignRequest { Name = campaign.Name });
        why.Reasons.ShouldHaveSingleItem().Questions.ShouldHaveSingleItem().Answers.Select(answer => answer.Command).ShouldContain("failback vm answer sql-01 CANCEL_STEP --reason \"...\"");

        var asked = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name });
        asked.Steps[^1].Explanation.ShouldBe("It has not ended within 30m; what becomes of it shows on hv-east-01.");
        (await RefusedAsync(() => stage.AnswerAsync(asked, "CANCEL_STEP", reason: ""))).ShouldBe("INVALID_REQUEST");
        await stage.AnswerAsync(asked, "CANCEL_STEP", "it hangs");
        await stage.Coordinator.WatchAsync(campaign.Name, watched => watched.Item("sql-01").FailureReason == "STOPPED_AT_HOME", "the next question");
        await StartAgainAsync(stage);
        var end = await stage.Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed, end.Item("sql-01").Explanation);
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Person_need_not_wait_for_its_deadline()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Faults = [StuckStart] });
        await stage.CreateAsync();
        await stage.RunAsync(shown => shown.Step is { Kind: "START_MACHINE" });
        await StartingAsync(stage);

        (await RefusedAsync(() => CancelAsync(stage, confirms: false))).ShouldBe("CONFIRMATION_REQUIRED");
        (await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name })).Step.Kind.ShouldBe("START_MACHINE");
        await CancelAsync(stage);
        (await stage.RunAsync()).Next.Code.ShouldBe("STOPPED_AT_HOME", "it may have run");
        await StartAgainAsync(stage);
        var end = await stage.RunAsync();

        end.Next.Code.ShouldBe("HOME");
        var starts = end.Steps.Where(step => step.Kind == "START_MACHINE").ToList();
        starts.Select(step => step.Succeeded).ShouldBe([false, true]);
        starts[0].Explanation.ShouldContain("dr-lead: it hangs");
        (await RefusedAsync(() => CancelAsync(stage))).ShouldBe("RETURN_ENDED");
    }

    [Fact]
    public async Task Step_whose_job_has_gone_is_given_up_and_its_machine_is_asked_about()
    {
        var clock = new HurriedClock();
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Faults = [StuckStart with { Vanishes = true }] }, time: clock);
        await stage.CreateAsync();
        await stage.RunAsync(shown => shown.Step is { Kind: "START_MACHINE" } step && step.Explanation.Contains("no longer on the host", StringComparison.Ordinal));

        await CancelAsync(stage);
        var waits = await stage.RunAsync(shown => shown is { Step: null, Next.Code: "POWER_CHANGING" });
        waits.Steps[^1].Explanation.ShouldContain("what became of it is not known");
        clock.Pass(TimeSpan.FromMinutes(11));

        (await stage.RunAsync()).Next.Code.ShouldBe("STUCK_POWER");
    }

    [Fact]
    public async Task Copy_that_stands_still_is_cancelled_too()
    {
        await using var stage = await CopyStandingAtAsync(percent: 10);

        await CancelAsync(stage);

        (await stage.RunAsync(shown => shown is { Step: null, Next.Code: not "OWN_JOB" })).Steps.ShouldContain(step => step.Kind == "START_REPLICATION");
        (await RefusedAsync(() => CancelAsync(stage))).ShouldBe("NO_STEP_AT_WORK");
    }

    [Fact]
    public async Task Host_that_does_not_terminate_a_job_is_no_success()
    {
        // It merges by then.
        await using var stage = await CopyStandingAtAsync(percent: 99);

        (await RefusedAsync(() => CancelAsync(stage))).ShouldBe("STEP_NOT_CANCELLED");
    }

    [Fact]
    public async Task Rehearsal_that_does_not_end_is_cancelled_and_asked_about()
    {
        var clock = new HurriedClock();
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Faults = [new StepStuckFault(JobType.InitiateTestReplica) { Times = 1 }] }, time: clock);
        await stage.Returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = ReturnStage.Machine.Name, Rehearse = true });
        await stage.RunAsync(shown => shown.Step is { Kind: "REHEARSE", Explanation: "The job is Running (4)." });
        (await RefusedAsync(() => CancelAsync(stage))).ShouldBe("STEP_NOT_CANCELLED", "a drill is ended by its own command");

        clock.Pass(TimeSpan.FromMinutes(61));
        var asked = await stage.RunAsync();

        (asked.Next.Code, asked.Recovery.Summary.Split(',')[0]).ShouldBe(("REHEARSAL_FAILED", "running"));
        asked.Steps[^1].Explanation.ShouldBe("The rehearsal was ended early. TEST_FAILOVER on hv-east-01 had not ended within 1h.");
        await stage.AnswerAsync(asked, "REHEARSE_AGAIN", reason: "");
        (await stage.RunAsync()).Next.Code.ShouldBe("HOME");
    }

    [Fact]
    public async Task Test_failover_that_does_not_end_is_cancelled_with_its_drill()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.Machine with { State = ReplicationState.Replicating, Faults = [new StepStuckFault(JobType.InitiateTestReplica)] },
            ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running });
        var drills = new Contracts.Campaigns.V1.Drills.DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var drill = await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" });
        using var watch = drills.WatchDrill(new WatchDrillRequest { Name = drill.Name });
        await UntilAsync(watch.ResponseStream, shown => shown is { Step: { Kind: "TEST_FAILOVER", Explanation: "The job is Running (4)." } });

        await drills.EndDrillAsync(new EndDrillRequest { Name = drill.Name, CancelStep = true, Reason = "it hangs" });
        var ended = await UntilAsync(watch.ResponseStream, shown => shown.EndTime is not null);

        ended.Explanation.ShouldBe("Ended early.");
    }

    [Fact]
    public async Task Long_reason_does_not_keep_an_agent_from_cancelling()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Faults = [StuckStart] });
        await stage.CreateAsync();
        await stage.RunAsync(shown => shown.Step is { Kind: "START_MACHINE" });
        await StartingAsync(stage);

        await CancelAsync(stage, reason: new string('x', 1024));

        (await stage.RunAsync()).Next.Code.ShouldBe("STOPPED_AT_HOME");
    }

    private static async Task<ReturnStage> CopyStandingAtAsync(int percent)
    {
        var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver with { Faults = [new StepStuckFault(JobType.StartResynchronizeInitialReplication) { AtPercent = percent, Times = 1 }] }, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.RunAsync(shown => shown is { Step: null, Next.Code: "OWN_JOB" });
        using var deadline = new CancellationTokenSource(Limits.Patience);
        Return shown;
        do
        {
            shown = await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name }, cancellationToken: deadline.Token);
        }
        while (shown.Recovery.Facts.Jobs.SingleOrDefault()?.PercentComplete != percent);

        return stage;
    }

    private static async Task StartAgainAsync(ReturnStage stage)
        => await stage.AnswerAsync(await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name }), "START_HOME", "it hung while it was started");

    private static async Task StartingAsync(ReturnStage stage)
    {
        using var watch = stage.Returns.WatchReturn(new WatchReturnRequest { Name = ReturnStage.Name });
        await UntilAsync(watch.ResponseStream, shown => shown.Step is { Kind: "START_MACHINE", PercentComplete: 40 });
    }

    private static async Task<T> UntilAsync<T>(Grpc.Core.IAsyncStreamReader<T> stream, Func<T, bool> holds)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        while (await stream.MoveNext(deadline.Token))
        {
            if (holds(stream.Current))
            {
                return stream.Current;
            }
        }

        throw new InvalidOperationException("The stream has ended before.");
    }

    private static Task<Return> CancelAsync(ReturnStage stage, bool confirms = true, string reason = "it hangs")
        => stage.Returns.CancelReturnStepAsync(new CancelReturnStepRequest { Name = ReturnStage.Name, ConfirmPossibleDataLoss = confirms, Reason = reason }).ResponseAsync;

    private static async Task<string> RefusedAsync(Func<Task> call) => RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(call)).Reason;

    /// <summary>The real clock, on which the end of a long wait can be brought about.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

        private readonly Lock _lock = new();
        private readonly List<(DateTimeOffset Due, ITimer Timer)> _long = [];
        private TimeSpan _passed;

        public void Pass(TimeSpan time)
        {
            lock (_lock)
            {
                _passed += time;
                var now = GetUtcNow();
                foreach (var (_, timer) in _long.Where(one => one.Due <= now))
                {
                    timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                }
            }
        }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _passed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = System.CreateTimer(callback, state, dueTime, period);
            if (dueTime >= Long)
            {
                lock (_lock)
                {
                    _long.Add((GetUtcNow() + dueTime, timer));
                }
            }

            return timer;
        }
    }
}
