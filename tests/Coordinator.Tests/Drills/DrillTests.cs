using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Drills;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Microsoft.Extensions.Logging.Abstractions;
using DrillsClient = HostAgent.Contracts.Campaigns.V1.Drills.DrillsClient;

namespace HostAgent.Coordinator.Tests.Drills;

/// <summary>Test failovers through real agents. Production at home runs on, and the replica is as before.</summary>
public sealed class DrillTests
{
    private static readonly SimulatedVirtualMachineDescription Primary = ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription Replica = ReturnStage.Machine with { State = ReplicationState.Replicating };

    [Fact]
    public async Task Replica_that_boots_passes_and_nothing_of_it_is_left()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }));

        (end.State, end.Host).ShouldBe((DrillState.Passed, ReturnStage.Recovery), Steps(end));
        end.Steps.Select(step => step.Kind).ShouldBe(["TEST_FAILOVER", "START_MACHINE", "VERIFY_GUEST", "TURN_OFF", "END_TEST_FAILOVER"]);
        end.Steps.ShouldAllBe(step => step.Succeeded);
        await ShouldBeAsBeforeAsync(stage);
        (await drills.ListDrillsAsync(new ListDrillsRequest { LiveOnly = true })).Drills.ShouldBeEmpty();

        // The next one finds nothing in its way, and the first is still told of.
        (await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }))).State.ShouldBe(DrillState.Passed);
        (await drills.GetDrillAsync(new GetDrillRequest { Name = end.Name })).State.ShouldBe(DrillState.Passed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Test_machine_is_connected_to_an_isolated_switch_and_shows_its_addresses_there(bool isPrivate)
    {
        await using var stage = await ReturnStage.StartAsync(
            Replica with { Adapters = [new() { Name = "lan", Addresses = ["192.0.2.10"] }, new() { Name = "backup" }] }, Primary,
            adapt: host => host with { Switches = ["vSwitch", "Isolated"], PrivateSwitches = isPrivate ? ["Isolated"] : [], InternalSwitches = isPrivate ? [] : ["Isolated"] });
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", VirtualSwitch = "isolated", Check = new ReturnCheck { ExpectedAddresses = { "192.0.2.10" } } }));

        (end.State, end.VirtualSwitch).ShouldBe((DrillState.Passed, "isolated"), Steps(end));
        end.Steps.Select(step => step.Kind).ShouldBe(["TEST_FAILOVER", "CONNECT_NETWORK", "CONNECT_NETWORK", "START_MACHINE", "VERIFY_GUEST", "TURN_OFF", "END_TEST_FAILOVER"]);
        end.Explanation.ShouldContain("adapter 'lan' has 192.0.2.10");
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Connection_that_was_lost_on_its_way_to_the_host_is_made_again_before_the_start()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary, adapt: host => host with { Switches = ["vSwitch", "Isolated"], PrivateSwitches = ["Isolated"] });
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        stage.LosesOperation = 2;

        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", VirtualSwitch = "Isolated" }));

        end.State.ShouldBe(DrillState.Passed, Steps(end));
        end.Steps.Select(step => $"{step.Kind} {step.Succeeded}").ShouldBe(
            ["TEST_FAILOVER True", "CONNECT_NETWORK False", "CONNECT_NETWORK True", "START_MACHINE True", "VERIFY_GUEST True", "TURN_OFF True", "END_TEST_FAILOVER True"]);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Theory]
    [InlineData("vSwitch", "is external")]
    [InlineData("nowhere", "has no switch 'nowhere'")]
    public async Task Switch_that_is_not_proved_to_be_isolated_is_refused_with_what_was_seen(string name, string seen)
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

        var refusal = RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", VirtualSwitch = name })));
        (refusal.Reason, refusal.Metadata["switch"]).ShouldBe(("SWITCH_NOT_ISOLATED", name));
        refusal.Metadata["seen"].ShouldContain(seen);

        RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", Check = new ReturnCheck { AnyAddress = true } })))
            .FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("check");
        // Nothing has begun: the next one finds nothing in its way.
        (await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }))).State.ShouldBe(DrillState.Passed);
    }

    [Fact]
    public async Task Replica_that_does_not_boot_fails_and_is_cleaned_up()
    {
        await using var stage = await ReturnStage.StartAsync(Replica with { Guest = new() { BootFails = true } }, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest
        {
            VirtualMachine = "sql-01",
            Check = new ReturnCheck { HeartbeatTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) },
        }));

        end.State.ShouldBe(DrillState.Failed, Steps(end));
        end.Explanation.ShouldContain("the guest has not answered yet");
        end.Steps[^1].Kind.ShouldBe("END_TEST_FAILOVER");
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Drill_that_is_ended_early_removes_what_it_has_made()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var begun = await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", SoakTime = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromHours(1)) });
        await UntilAsync(drills, begun, shown => shown.Steps is [.., { Kind: "START_MACHINE" }]);

        var second = await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }));
        RpcFailure.From(second).Reason.ShouldBe("MACHINE_HELD");
        await drills.EndDrillAsync(new EndDrillRequest { Name = begun.Name, Reason = "the link is needed" });
        var end = await EndOfAsync(drills, begun);

        end.State.ShouldBe(DrillState.EndedEarly, Steps(end));
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Drill_goes_on_and_cleans_up_after_the_coordinator_was_restarted_in_each_step()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var shown = await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" });
        for (var restarts = 0; shown.EndTime is null;)
        {
            shown = await UntilAsync(drills, shown, one => one.Step is { Number: var number } && number > restarts);
            if (shown.Step is { } step)
            {
                restarts = step.Number;
                await stage.Coordinator.StopAsync();
                await stage.StartCoordinatorAsync();
                drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
            }
        }

        shown.State.ShouldBe(DrillState.Passed, Steps(shown));
        shown.Steps.Count(step => step.Kind == "TEST_FAILOVER" && step.Succeeded).ShouldBe(1);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Theory]
    [InlineData(1, "TEST_FAILOVER")]
    [InlineData(2, "START_MACHINE")]
    public async Task Step_that_was_lost_on_its_way_to_the_host_is_made_again(int lost, string kind)
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        stage.LosesOperation = lost;

        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }));

        end.State.ShouldBe(DrillState.Passed, Steps(end));
        end.Steps.Where(step => step.Kind == kind).Select(step => step.Succeeded).ShouldBe([false, true]);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Step_that_the_coordinator_recorded_and_did_not_send_is_made_again_after_its_restart()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        await stage.Coordinator.StopAsync();
        var drill = new DrillRun
        {
            Uid = Guid.NewGuid(),
            Machine = ReturnStage.Machine.Id,
            MachineName = ReturnStage.Machine.Name,
            Host = ReturnStage.Recovery,
            CreateTime = DateTimeOffset.UtcNow,
            CreatedBy = "dr-lead",
            Plan = new ReturnPlan(),
            Epoch = 1,
            Version = 1,
            Made = true,
            StepCount = 1,
            InHand = new DrillStep(1, DrillStepKind.TestFailover, Guid.CreateVersion7(), DateTimeOffset.UtcNow),
        };
        await using (var store = SqliteStateStore.Open(stage.Coordinator.ReturnsFile, NullLogger<SqliteStateStore>.Instance))
        {
            await new KeptStates<DrillRun>(DrillJson.Form, store).WriteAsync(drill);
        }

        await stage.StartCoordinatorAsync();
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var end = await EndOfAsync(drills, await drills.GetDrillAsync(new GetDrillRequest { Name = $"drills/{drill.Uid:D}" }));

        end.State.ShouldBe(DrillState.Passed, Steps(end));
        end.Steps.Where(step => step.Kind == "TEST_FAILOVER").Select(step => step.Succeeded).ShouldBe([false, true]);
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task What_a_host_that_fell_silent_has_made_is_removed_when_it_answers_again()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var address = stage.AddressOf(ReturnStage.Recovery);
        var begun = await UntilAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }), shown => shown.Step is { Kind: "TEST_FAILOVER", Explanation.Length: > 0 });

        await stage.StopAgentAsync(ReturnStage.Recovery);
        await drills.EndDrillAsync(new EndDrillRequest { Name = begun.Name });
        var silent = await UntilAsync(drills, begun, shown => shown.Explanation.Contains("has not answered", StringComparison.Ordinal), 3 * Limits.Patience);
        await stage.StartAgentAgainAsync(ReturnStage.Recovery, address);
        var end = await EndOfAsync(drills, begun);

        (silent.EndTime, silent.State).ShouldBe((null, DrillState.CleaningUp));
        (end.State, end.Steps[^1].Kind, end.TestMachineId.Length).ShouldBe((DrillState.EndedEarly, "END_TEST_FAILOVER", 36), Steps(end));
        await ShouldBeAsBeforeAsync(stage);
    }

    [Fact]
    public async Task Machine_without_a_replica_to_test_is_refused()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var drills = new DrillsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

        (await RefusedAsync(new StartDrillRequest { VirtualMachine = "sql-02" })).ShouldBe("VIRTUAL_MACHINE_NOT_FOUND");
        (await RefusedAsync(new StartDrillRequest { VirtualMachine = "sql-01", Host = ReturnStage.Home })).ShouldBe("NO_REPLICA");
        (await RefusedAsync(new StartDrillRequest())).ShouldBe("INVALID_REQUEST");

        // A replica that production runs on has nothing to test.
        var end = await EndOfAsync(drills, await drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" }));
        (end.State, end.Steps.Count).ShouldBe((DrillState.Failed, 0));
        end.Explanation.ShouldContain("is not off");

        async Task<string> RefusedAsync(StartDrillRequest request)
            => RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await drills.StartDrillAsync(request))).Reason;
    }

    private static Task<Drill> EndOfAsync(DrillsClient drills, Drill begun) => UntilAsync(drills, begun, shown => shown.EndTime is not null);

    private static async Task<Drill> UntilAsync(DrillsClient drills, Drill begun, Func<Drill, bool> condition, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Limits.Patience);
        using var call = drills.WatchDrill(new WatchDrillRequest { Name = begun.Name }, cancellationToken: deadline.Token);
        var last = begun;
        while (await call.ResponseStream.MoveNext(deadline.Token))
        {
            last = call.ResponseStream.Current;
            if (condition(last))
            {
                return last;
            }
        }

        return last;
    }

    private static async Task ShouldBeAsBeforeAsync(ReturnStage stage)
    {
        var hosts = new Contracts.Campaigns.V1.Hosts.HostsClient(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));
        var machines = (await hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = $"hosts/{ReturnStage.Recovery}" })).VirtualMachines;
        var replica = machines.ShouldHaveSingleItem();
        (replica.Name, replica.ReplicationState, replica.PowerState).ShouldBe(("sql-01", Contracts.Failback.V1.ReplicationState.Replicating, Contracts.Failback.V1.PowerState.Off));
    }

    private static string Steps(Drill drill) => $"{drill.Explanation} {string.Join("; ", drill.Steps.Select(step => $"{step.Kind} {step.Succeeded} {step.Explanation}"))}";
}
