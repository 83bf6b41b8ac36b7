using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>Single machines brought home through real agents, over two simulated hosts that speak.</summary>
public sealed class ReturnWalkTests
{
    [Fact]
    public async Task Machine_comes_home_with_every_write_and_is_protected()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var begun = await stage.CreateAsync();
        (begun.RecoveryHost, begun.HomeHost, begun.VirtualMachineName, begun.Name).ShouldBe((ReturnStage.Recovery, ReturnStage.Home, "sql-01", ReturnStage.Name));

        var end = await stage.RunAsync();

        (end.Next.Kind, end.Next.Code).ShouldBe((NextKind.Done, "HOME"));
        end.Steps.Select(step => $"{step.Kind} {step.Side}").ShouldBe(
        [
            "BECOME_REPLICA Home", "REVERSE_REPLICATION Recovery", "START_REPLICATION Recovery", "SHUT_DOWN_GUEST Recovery", "PREPARE_PLANNED_FAILOVER Recovery",
            "FAIL_OVER Home", "START_MACHINE Home", "VERIFY_GUEST Home", "REVERSE_REPLICATION Home", "UNFENCE Home",
        ]);
        end.Steps.ShouldAllBe(step => step.Succeeded);
        var content = stage.Pair.Compare(ReturnStage.Machine.Id);
        (content.SecondHasAll, content.SecondIsMixed).ShouldBe((true, false));
    }

    [Fact]
    public async Task Guest_has_the_addresses_at_home_that_it_had_before_the_outage()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver with { Adapters = At("192.0.2.10") }, ReturnStage.OldPrimary with { Adapters = At("192.0.2.10") });
        await stage.CreateAsync();

        var end = await stage.RunAsync();

        end.Next.Code.ShouldBe("HOME");
        end.Steps.Single(step => step.Kind == "VERIFY_GUEST").Explanation.ShouldBe("It has come up: the guest's heartbeat is good; its network is as at the recovery site: adapter 'lan' has 192.0.2.10.");
    }

    [Fact]
    public async Task Guest_with_another_address_at_home_is_a_question_to_a_person_that_names_adapter_and_addresses()
    {
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { Adapters = At("192.0.2.10") }, ReturnStage.OldPrimary with { Adapters = At("169.254.3.4") }, heartbeat: TimeSpan.FromSeconds(10));
        await stage.CreateAsync();

        var asked = await stage.RunAsync();

        asked.Next.Code.ShouldBe("UNHEALTHY");
        asked.Next.Explanation.ShouldEndWith("After 10 seconds adapter 'lan' should have 192.0.2.10, as at the recovery site, and has 169.254.3.4.");
    }

    [Theory]
    [InlineData("198.51.100.7", false, false, "HOME")]
    [InlineData("192.0.2.10", false, false, "UNHEALTHY")]
    [InlineData("", true, false, "HOME")]
    [InlineData("", false, true, "HOME")]
    public async Task Expected_addresses_may_be_named_or_any_or_not_looked_at(string address, bool any, bool ignored, string end)
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver with { Adapters = At("192.0.2.10") }, ReturnStage.OldPrimary with { Adapters = At("198.51.100.7") });
        var check = new ReturnCheck { HeartbeatTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(10)), AnyAddress = any, IgnoreNetwork = ignored };
        check.ExpectedAddresses.Add(address.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await stage.Returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = "sql-01", Check = check });

        (await stage.RunAsync()).Next.Code.ShouldBe(end);
    }

    [Fact]
    public async Task Expectations_that_contradict_each_other_or_are_no_addresses_are_refused()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);

        (await FieldsAsync(new ReturnCheck { AnyAddress = true, IgnoreNetwork = true })).ShouldBe(["check.ignore_network"]);
        (await FieldsAsync(new ReturnCheck { ExpectedAddresses = { "web.example", "fe80::1" } })).ShouldBe(["check.expected_addresses", "check.expected_addresses"]);
        (await FieldsAsync(new ReturnCheck { ExpectedAddresses = { Enumerable.Repeat("192.0.2.10", 65) } })).ShouldBe(["check.expected_addresses"]);

        async Task<IEnumerable<string>> FieldsAsync(ReturnCheck check) => RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = "sql-01", Check = check }))).FieldViolations.Select(violation => violation.Field);
    }

    [Fact]
    public async Task Networks_that_cannot_be_and_a_switch_without_a_rehearsal_are_refused_and_others_are_set_at_home()
    {
        HyperV.Simulation.Estates.SimulatedAdapterDescription Lan(string name) => new() { Name = "lan", Switch = name, StaticMac = name == "DR" ? "00155D0A0B0C" : null };
        await using var stage = await ReturnStage.StartAsync(
            ReturnStage.FailedOver with { Adapters = [Lan("DR")] }, ReturnStage.OldPrimary with { Adapters = [Lan("Old")] }, adapt: host => host with { Switches = host.Name == ReturnStage.Home ? ["Old", "Prod"] : ["DR"] });

        (await FieldsAsync(new CreateReturnRequest { RehearsalSwitch = "Lab" })).ShouldBe(["rehearsal_switch"]);
        (await FieldsAsync(new CreateReturnRequest { Networks = { new ReturnNetwork { From = "DR" }, new ReturnNetwork { From = "dr", To = "Prod", Vlan = 4095 } } })).ShouldBe(["networks[0].to", "networks[1].from", "networks[1].vlan"]);
        (await FieldsAsync(new CreateReturnRequest { Networks = { Enumerable.Range(0, 65).Select(number => new ReturnNetwork { From = $"{number}", To = "Prod" }) } })).ShouldBe(["networks"]);

        await stage.Returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = "sql-01", Networks = { new ReturnNetwork { From = "DR", To = "Prod", Vlan = 120, KeepMac = true } } });
        var end = await stage.RunAsync();

        end.Next.Kind.ShouldBe(NextKind.Done, end.Next.Explanation);
        var adapter = (await new HyperV.Failover.NetworkCalls(stage.Pair.Second.OpenSession()).ListAsync(new(ReturnStage.Machine.Id), TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        (adapter.Switch, adapter.Vlan, adapter.MacAddress).ShouldBe(("Prod", "access 120", "00155D0A0B0C"));

        async Task<IEnumerable<string>> FieldsAsync(CreateReturnRequest request)
        {
            request.VirtualMachine = "sql-01";
            return RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Returns.CreateReturnAsync(request))).FieldViolations.Select(violation => violation.Field);
        }
    }

    [Fact]
    public async Task Power_failure_at_home_during_the_verification_is_no_question_to_a_person()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } }, heartbeat: TimeSpan.FromSeconds(10));
        await stage.CreateAsync();
        (await stage.RunAsync()).Next.Code.ShouldBe("UNHEALTHY");

        stage.Pair.Second.FailPower();
        stage.Pair.Second.ReturnPower();
        var again = await stage.RunAsync();

        // Started again by itself: the question is about the guest, and not about who stopped it.
        (again.Next.Code, again.Home.Facts.VirtualMachine.PowerState).ShouldBe(("UNHEALTHY", Contracts.Failback.V1.PowerState.Running));
        again.Steps.Count(step => $"{step.Kind} {step.Side}" == "START_MACHINE Home").ShouldBe(2);
    }

    [Fact]
    public async Task Machine_that_does_not_come_up_at_home_is_rolled_back_without_a_lost_write()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Guest = new() { BootFails = true } }, heartbeat: TimeSpan.FromSeconds(10));
        await stage.CreateAsync();
        var asked = await stage.RunAsync();
        (asked.Next.Code, asked.Home.Facts.VirtualMachine.PowerState).ShouldBe(("UNHEALTHY", Contracts.Failback.V1.PowerState.Running));

        var refused = await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Back }));
        RpcFailure.From(refused).Reason.ShouldBe("CONFIRMATION_REQUIRED");
        await stage.Returns.SetReturnGoalAsync(new SetReturnGoalRequest { Name = ReturnStage.Name, Goal = ReturnGoal.Back, ConfirmLoss = true, Reason = "the guest does not boot at home" });
        var end = await stage.RunAsync();

        end.Next.Code.ShouldBe("ROLLED_BACK");
        end.Steps.TakeLast(5).Select(step => $"{step.Kind} {step.Side}").ShouldBe(
            ["SHUT_DOWN_GUEST Home", "REVERT_FAILOVER Home", "CANCEL_PLANNED_FAILOVER Recovery", "UNFENCE Recovery", "START_MACHINE Recovery"]);
        stage.Pair.Compare(ReturnStage.Machine.Id).FirstHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Split_brain_is_answered_by_a_person_and_the_machine_comes_home()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary with { Power = HyperV.VirtualMachines.EnabledState.Running });
        await stage.CreateAsync();
        var asked = await stage.RunAsync();
        asked.Next.Code.ShouldBe("SPLIT_BRAIN");

        await stage.AnswerAsync(asked, "STOP_HOME", "");
        var end = await stage.RunAsync();

        // Nothing proves which of the two is the right one: that is a person's word too.
        while (end.Next.Kind == NextKind.Ask)
        {
            end.Next.Choices.ShouldContain(choice => choice.Verb == "KEEP_RECOVERY");
            await stage.AnswerAsync(end, "KEEP_RECOVERY", "the home site was cut off when it was failed over");
            end = await stage.RunAsync();
        }

        end.Next.Code.ShouldBe("HOME");
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Approval_and_answer_hold_for_what_was_shown_and_for_nothing_else()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        var shown = await stage.StepUntilAsync(NextKind.Approval);
        shown.Next.Gate.ShouldBe("ATTACH");

        (await Refused(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "OUTAGE", Evidence = shown.Next.Evidence })).ShouldBe("NO_GATE");
        (await Refused(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "ATTACH", Evidence = "0000000000000000" })).ShouldBe("EVIDENCE_CHANGED");
        (await Refused(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "ATTACH" })).ShouldBe("INVALID_REQUEST");
        var answered = await Should.ThrowAsync<Grpc.Core.RpcException>(
            async () => await stage.Returns.AnswerReturnAsync(new AnswerReturnRequest { Name = ReturnStage.Name, Verb = "START_HOME", Evidence = shown.Next.Evidence, Reason = "x" }));
        RpcFailure.From(answered).Reason.ShouldBe("NO_QUESTION");

        (await stage.Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = ReturnStage.Name, Gate = "ATTACH", Evidence = shown.Next.Evidence })).Next.Code.ShouldBe("BECOME_REPLICA");

        async Task<string> Refused(ApproveReturnRequest request)
            => RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Returns.ApproveReturnAsync(request))).Reason;
    }

    [Fact]
    public async Task Machine_that_is_gone_from_home_is_copied_whole_and_comes_home()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        stage.Pair.Second.Remove(ReturnStage.Machine.Id);

        var end = await stage.RunAsync();

        (end.Next.Kind, end.Next.Code).ShouldBe((NextKind.Done, "HOME"), string.Join("; ", end.Steps.Select(step => $"{step.Kind} {step.Succeeded} {step.Explanation}")));
        stage.Pair.Compare(ReturnStage.Machine.Id).SecondHasAll.ShouldBeTrue();
    }

    [Fact]
    public async Task Single_step_waits_for_what_ends_by_itself()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        await stage.RunAsync(until: shown => shown.Steps is [.., { Kind: "START_REPLICATION" }]);
        await stage.Returns.PauseReturnAsync(new PauseReturnRequest { Name = ReturnStage.Name });

        // The copy runs; after it a person is needed.
        var needed = await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await stage.Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = ReturnStage.Name }));

        var refusal = RpcFailure.From(needed);
        (refusal.Reason, refusal.Metadata["next"]).ShouldBe(("NOTHING_TO_DO", "Wait Approval Outage"));
    }

    [Fact]
    public async Task Return_goes_on_after_the_coordinator_was_restarted_in_each_step()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.CreateAsync();
        var (restarts, end) = (0, new Return());
        while (end.Next?.Kind != NextKind.Done)
        {
            end = await stage.RunAsync(until: shown => shown.Step is { Number: var number } && number > restarts);
            if (end.Next?.Kind == NextKind.Ask)
            {
                Assert.Fail($"Asks {end.Next.Code} after {string.Join(", ", end.Steps.Select(step => $"{step.Kind} {step.Succeeded} {step.Explanation}"))}");
            }

            if (end.Step is { } step)
            {
                restarts = step.Number;
                await stage.Coordinator.StopAsync();
                await stage.StartCoordinatorAsync();
            }
        }

        end.Next.Code.ShouldBe("HOME");
        restarts.ShouldBeGreaterThan(5);
        stage.Pair.Compare(ReturnStage.Machine.Id).ShouldSatisfyAllConditions(content => content.SecondHasAll.ShouldBeTrue(), content => content.BothRan.ShouldBe(TimeSpan.Zero));
    }

    private static HyperV.Simulation.Estates.SimulatedAdapterDescription[] At(string address) => [new() { Name = "lan", Addresses = [address] }];
}
