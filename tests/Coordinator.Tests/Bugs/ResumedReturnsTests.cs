using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Replication;
using HostAgent.Transport;
using Microsoft.AspNetCore.Http;
using DrillsClient = HostAgent.Contracts.Campaigns.V1.Drills.DrillsClient;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// A coordinator with returns that had not ended did not listen before every host of them had answered, so that a site that was down kept it from its work for minutes; one whose database
/// was restored from a backup did not start at all; and campaigns began no item while the return of another one waited for a silent host, or a person looked for a machine's hosts.
/// </summary>
public sealed class ResumedReturnsTests
{
    // A campaign, by its uid.
    private static readonly Guid Estate = Guid.NewGuid();

    [Fact]
    public async Task Coordinator_listens_while_hosts_of_a_return_are_silent_and_the_return_goes_on_when_they_answer()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.ApproveAsync(await stage.StepUntilAsync(NextKind.Approval));
        var held = new HeldCalls("/ClaimCampaign");
        await stage.Coordinator.StopAsync();
        stage.Before = held.WaitAsync;
        // No call is given up because the machine is busy.
        stage.Coordinator.Arguments = ["--Coordinator:CallTimeout", "00:01:00"];

        await stage.StartCoordinatorAsync();

        held.GivenUp.ShouldBe(0);
        (await stage.Coordinator.Campaigns.ListCampaignsAsync(new ListCampaignsRequest(), deadline: DateTime.UtcNow + Limits.Patience)).Campaigns.ShouldBeEmpty();
        // Both sides at once.
        await held.ReachedAsync(2);
        var looked = stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name }).ResponseAsync;
        held.GivenUp.ShouldBe(0);
        held.Release();
        (await looked).Name.ShouldBe(ReturnStage.Name);
        (await stage.RunAsync()).Next.Kind.ShouldBe(NextKind.Done);
    }

    [Fact]
    public async Task Coordinator_of_a_restored_backup_starts_and_its_returns_go_on_when_no_other_one_is_at_work()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.StepUntilAsync(NextKind.Approval);
        await stage.Coordinator.StopAsync();
        var backup = stage.Coordinator.Backup();
        for (var later = 0; later < 2; later++)
        {
            var held = new HeldCalls("/ClaimCampaign");
            held.Release();
            stage.Before = held.WaitAsync;
            await stage.StartCoordinatorAsync();
            await held.ReachedAsync(2);
            await stage.StepUntilAsync(NextKind.Approval);
            await stage.Coordinator.StopAsync();
        }

        stage.Coordinator.Restore(backup);
        await stage.StartCoordinatorAsync();

        var end = await stage.RunAsync();
        (end.Next.Kind, end.Next.Code).ShouldBe((NextKind.Done, "HOME"), end.Next.Explanation);
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Host_that_obeys_another_coordinator_is_named_and_keeps_none_from_starting()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var begun = await stage.CreateAsync();
        await stage.ClaimForOtherAsync(ReturnStage.Home, begun.Uid);

        var refused = await stage.RunAsync(shown => shown.Next.Explanation.Contains("refuses", StringComparison.Ordinal));

        refused.Next.Explanation.ShouldEndWith($" {ReturnStage.Home} refuses this coordinator: Campaign {begun.Uid} was claimed by failback://coordinator/other; failback://coordinator/coordinator may not act for it.");
        (refused.Next.Kind, refused.Steps.Count, refused.Running).ShouldBe((NextKind.Step, 0, true));
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();
        (await stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name })).Running.ShouldBeTrue();
    }

    [Fact]
    public async Task Drill_of_a_restored_backup_ends_and_removes_what_it_has_made()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.Machine with { State = ReplicationState.Replicating }, ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating });
        var begun = await new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead")).StartDrillAsync(
            new StartDrillRequest { VirtualMachine = "sql-01", SoakTime = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromHours(1)) });
        // The host is at it: a step that no agent has got by then is made under another name by the coordinator after the backup.
        await UntilAsync(stage, begun, shown => shown.Step is { Kind: "TEST_FAILOVER", Explanation.Length: > 0 });
        await stage.Coordinator.StopAsync();
        var backup = stage.Coordinator.Backup();
        await stage.StartCoordinatorAsync();
        await UntilAsync(stage, begun, shown => shown.Steps.Any(step => step.Kind == "VERIFY_GUEST"));
        await stage.Coordinator.StopAsync();

        stage.Coordinator.Restore(backup);
        await stage.StartCoordinatorAsync();

        await new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead")).EndDrillAsync(new EndDrillRequest { Name = begun.Name });
        var end = await UntilAsync(stage, begun, shown => shown.EndTime is not null);
        (end.State, end.Steps[^1].Kind).ShouldBe((DrillState.EndedEarly, "END_TEST_FAILOVER"), end.Explanation);
    }

    [Fact]
    public async Task Item_is_begun_while_the_return_of_another_one_waits_for_a_silent_host()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await BeginAsync(stage, ReturnStage.Machine.Id, "sql-01", attempt: 1);
        var held = new HeldCalls("/GetMachineFacts");
        stage.Before = held.WaitAsync;
        var looked = stage.Returns.GetReturnAsync(new GetReturnRequest { Name = ReturnStage.Name }).ResponseAsync;
        await held.ReachedAsync(1);
        var silent = BeginAsync(stage, ReturnStage.Machine.Id, "sql-01", attempt: 2);

        var other = await BeginAsync(stage, Guid.NewGuid(), "sql-02", attempt: 1).WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);

        other.Watch().View.State.MachineName.ShouldBe("sql-02");
        (silent.IsCompleted, held.GivenUp).ShouldBe((false, 0));
        held.Release();
        (await silent).Watch().View.State.Owner!.Attempt.ShouldBe(2);
        await looked;
    }

    [Fact]
    public async Task Item_is_begun_while_a_person_looks_for_the_hosts_of_another_machine()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var held = new HeldCalls("/ListVirtualMachines");
        stage.Before = held.WaitAsync;
        var searched = stage.CreateAsync();
        await held.ReachedAsync(1);

        var other = await BeginAsync(stage, Guid.NewGuid(), "sql-02", attempt: 1).WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);

        other.Watch().View.State.MachineName.ShouldBe("sql-02");
        (searched.IsCompleted, held.GivenUp).ShouldBe((false, 0));
        held.Release();
        (await searched).Name.ShouldBe(ReturnStage.Name);
    }

    private static Task<MachineReturn> BeginAsync(ReturnStage stage, Guid machine, string name, int attempt) => stage.Coordinator.Get<MachineReturns>().OfCampaignAsync(
        new FoundPair(machine, name, ReturnStage.Recovery, ReturnStage.Home), new ReturnPlan(), new ReturnOwner(Estate, "campaigns/estate", attempt), drill: null, TestContext.Current.CancellationToken);

    private static async Task<Drill> UntilAsync(ReturnStage stage, Drill begun, Func<Drill, bool> reached)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var call = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead")).WatchDrill(new WatchDrillRequest { Name = begun.Name }, cancellationToken: deadline.Token);
        while (await call.ResponseStream.MoveNext(deadline.Token))
        {
            if (reached(call.ResponseStream.Current))
            {
                return call.ResponseStream.Current;
            }
        }

        throw new InvalidOperationException("The drill has ended too early.");
    }

    /// <summary>Calls that agents do not answer before they are released.</summary>
    private sealed class HeldCalls(string method)
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reached;
        private int _givenUp;

        public int GivenUp => Volatile.Read(ref _givenUp);

        public void Release() => _released.TrySetResult();

        public async Task WaitAsync(HttpContext call)
        {
            if (!call.Request.Path.Value!.EndsWith(method, StringComparison.Ordinal))
            {
                return;
            }

            Interlocked.Increment(ref _reached);
            try
            {
                await _released.Task.WaitAsync(call.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _givenUp);
            }
        }

        public async Task ReachedAsync(int calls)
        {
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            using var deadline = new CancellationTokenSource(Limits.Patience);
            while (Volatile.Read(ref _reached) < calls)
            {
                await look.WaitForNextTickAsync(deadline.Token);
            }
        }
    }
}
