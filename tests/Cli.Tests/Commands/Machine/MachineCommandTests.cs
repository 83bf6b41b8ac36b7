using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Commands.Machine;

public sealed class MachineCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private const string Name = "returns/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01";

    private readonly FakeCoordinator _coordinator;
    private readonly CommandLine _failback;
    private readonly List<object> _commanded = [];

    public MachineCommandTests(FakeCoordinator coordinator)
    {
        _coordinator = coordinator;
        _failback = new CommandLine(coordinator);
        coordinator.Returns.Commanded = _commanded.Add;
        coordinator.Returns.List = _ => new ListReturnsResponse { Returns = { Shown(new NextStep()) } };
    }

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task Status_shows_both_sites_what_comes_next_why_and_what_undo_costs()
    {
        Show(new NextStep { Kind = NextKind.Step, Code = "FAIL_OVER", Side = ReturnSide.Home, Explanation = "Fail over at home.", Undo = "Costs nothing." });

        (await _failback.RunAsync("vm", "status", "SQL-01")).ShouldBe(ExitCode.Success);

        _failback.OutputLines.Select(line => line.TrimEnd()).ShouldBe(
        [
            "sql-01 (1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01), home to main-01",
            "SITE      HOST     NOW",
            "recovery  dr-01    off, primary, synced replication complete",
            "home      main-01  off, replica, replicating",
            "Next: FAIL_OVER on main-01. Fail over at home.",
            "Undo: Costs nothing.",
            "Make it with \"failback vm next sql-01\", or go on to the end with \"failback vm run sql-01\".",
        ]);
        _commanded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Step_is_cancelled_by_whoever_confirms_what_that_may_cost()
    {
        Show(new NextStep());

        (await _failback.RunAsync("vm", "cancel-step", "sql-01")).ShouldBe(ExitCode.Invalid);
        _failback.Error.ShouldContain("must not be booted");
        _commanded.ShouldBeEmpty();
        (await _failback.RunAsync("vm", "cancel-step", "sql-01", "--confirm-possible-data-loss", "--reason", "it hangs")).ShouldBe(ExitCode.Success, _failback.Error);

        _commanded.ShouldHaveSingleItem().ShouldBe(new CancelReturnStepRequest { Name = Name, ConfirmPossibleDataLoss = true, Reason = "it hangs" });
    }

    [Fact]
    public async Task Networks_and_the_switch_of_the_rehearsal_go_with_a_return_that_is_begun()
    {
        _coordinator.Returns.List = _ => new ListReturnsResponse();

        await _failback.RunAsync("vm", "next", "sql-01", "--rehearse-switch", "Lab", "--network", "DR=Prod,vlan=120,mac=keep", "--network", "DR, old=Prod=1,dhcp,vlan=untagged", "--network", "a=b");

        var created = _commanded.OfType<CreateReturnRequest>().ShouldHaveSingleItem();
        (created.Rehearse, created.RehearsalSwitch).ShouldBe((true, "Lab"));
        created.Networks.ShouldBe(
        [
            new ReturnNetwork { From = "DR", To = "Prod", Vlan = 120, KeepMac = true },
            new ReturnNetwork { From = "DR, old", To = "Prod=1", Dhcp = true, Vlan = 0 },
            new ReturnNetwork { From = "a", To = "b" },
        ]);
    }

    [Theory]
    [InlineData("Prod")]
    [InlineData("=Prod")]
    [InlineData("DR=")]
    [InlineData("DR,vlan=12")]
    public async Task Network_that_names_no_two_switches_is_one_error_that_says_what_is_allowed(string network)
    {
        _coordinator.Returns.List = _ => new ListReturnsResponse();

        (await _failback.RunAsync("vm", "next", "sql-01", "--network", network)).ShouldNotBe(ExitCode.Success);

        _failback.Error.ShouldContain($"--network is '{network}'; it must be FROM=TO");
        _commanded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Way_there_of_a_drill_is_shown_between_its_hosts_and_tells_what_answers_mean()
    {
        _coordinator.Returns.Shown = () =>
        {
            var shown = Shown(Asks());
            shown.WayThere = true;
            return shown;
        };

        await _failback.RunAsync("vm", "status", "SQL-01");

        _failback.OutputLines[0].ShouldEndWith("planned drill, to main-01");
        _failback.OutputLines.ShouldContain(line => line.StartsWith("from  dr-01", StringComparison.Ordinal));
        _failback.Output.ShouldContain("RECOVERY in an answer means dr-01, and HOME means main-01.");
    }

    [Fact]
    public async Task Question_is_shown_with_every_answer_and_a_person_is_needed_by_the_exit_code()
    {
        Show(Asks());

        (await _failback.RunAsync("vm", "status", "sql-01")).ShouldBe(ExitCode.Failed);

        _failback.Output.ShouldContain("STOP_HOME");
        _failback.Output.ShouldContain("writes at main-01");
        _failback.Output.ShouldContain("failback vm answer sql-01 ANSWER");
    }

    [Fact]
    public async Task Answer_is_given_for_what_is_shown_now_or_for_the_evidence_that_was_named()
    {
        Show(Asks());

        (await _failback.RunAsync("vm", "answer", "sql-01", "go-back", "--reason", "users work at dr-01")).ShouldBe(ExitCode.Success);
        (await _failback.RunAsync("vm", "answer", "sql-01", "GO_BACK", "--evidence", "old")).ShouldBe(ExitCode.Success);

        _commanded.Cast<AnswerReturnRequest>().Select(answer => (answer.Verb, answer.Evidence, answer.Reason)).ShouldBe([("GO_BACK", "e1", "users work at dr-01"), ("GO_BACK", "old", "")]);
    }

    [Fact]
    public async Task Next_is_done_when_its_step_was_made_whatever_comes_after_it()
    {
        Show(new NextStep { Kind = NextKind.Wait, Code = "READ_NOT_BELIEVED", Evidence = "w1" });
        _coordinator.Returns.Commanded = command =>
        {
            _commanded.Add(command);
            var after = Gate("ATTACH", "a1");
            after.Steps.Add(new ReturnStep { Number = 1, Kind = "FENCE", Side = ReturnSide.Home, Succeeded = true, Explanation = "Done." });
            _coordinator.Returns.Shown = () => after;
        };

        (await _failback.RunAsync("vm", "next", "sql-01")).ShouldBe(ExitCode.Success);

        // What is waited for is not what will be done.
        _commanded.OfType<AdvanceReturnRequest>().ShouldHaveSingleItem().Evidence.ShouldBeEmpty();
        _failback.Output.ShouldContain("Needs the approval ATTACH");
        _failback.Error.ShouldContain("READ_NOT_BELIEVED");
    }

    [Fact]
    public async Task Next_that_comes_upon_a_person_s_decision_shows_it()
    {
        Show(new NextStep { Kind = NextKind.Wait, Code = "COPYING" });
        _coordinator.Returns.Commanded = _ =>
        {
            Show(Asks());
            throw new RpcFailure(Grpc.Core.StatusCode.FailedPrecondition, "NOTHING_TO_DO", "it asks").ToRpcException();
        };

        (await _failback.RunAsync("vm", "next", "sql-01")).ShouldBe(ExitCode.Failed);

        _failback.Output.ShouldContain("STOP_HOME");
    }

    [Fact]
    public async Task Return_of_a_campaign_needs_no_command_to_go_on()
    {
        var shown = Shown(new NextStep { Kind = NextKind.Step, Code = "VERIFY_GUEST", Side = ReturnSide.Home, Explanation = "Check that the machine has come up at home." });
        shown.Campaign = "campaigns/home";
        _coordinator.Returns.Shown = () => shown;

        (await _failback.RunAsync("vm", "status", "sql-01")).ShouldBe(ExitCode.Success);

        _failback.OutputLines.ShouldContain("Campaign home goes on with it by itself.");
        _failback.Output.ShouldNotContain("vm next");
    }

    [Fact]
    public async Task Run_approves_the_gates_that_were_named_as_they_are_shown_and_stops_at_another()
    {
        Show(new NextStep { Kind = NextKind.Wait, Code = "COPYING" });
        _coordinator.Returns.Watched = () => [Gate("ATTACH", "a1"), Shown(new NextStep { Kind = NextKind.Step, Code = "START_REPLICATION" }), Gate("OUTAGE", "o1")];

        (await _failback.RunAsync("vm", "run", "sql-01", "--approve", "attach,copy")).ShouldBe(ExitCode.Failed);

        _commanded.OfType<AdvanceReturnRequest>().ShouldHaveSingleItem().RunToEnd.ShouldBeTrue();
        _commanded.OfType<ApproveReturnRequest>().Select(approval => (approval.Gate, approval.Evidence)).ShouldBe([("ATTACH", "a1")]);
        _failback.Output.ShouldContain("Needs the approval OUTAGE");
    }

    [Fact]
    public async Task Machine_without_a_return_is_not_begun_by_looking()
    {
        _coordinator.Returns.List = _ => new ListReturnsResponse();

        (await _failback.RunAsync("vm", "status", "sql-02")).ShouldBe(ExitCode.Failed);
        _failback.ErrorLines.ShouldHaveSingleItem().ShouldContain("failback vm next sql-02");
        _commanded.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_gate_is_refused_with_the_ones_there_are()
    {
        (await _failback.RunAsync("vm", "run", "sql-01", "--approve", "everything")).ShouldBe(ExitCode.Invalid);
        _failback.ErrorLines.ShouldContain(line => line.Contains("ATTACH, COPY, OUTAGE, ACCEPT, DISCARD", StringComparison.Ordinal));
    }

    private static NextStep Asks() => new()
    {
        Kind = NextKind.Ask,
        Code = "SPLIT_BRAIN",
        Explanation = "It runs at both.",
        Evidence = "e1",
        Choices =
        {
            new ReturnChoice { Verb = "GO_BACK", Explanation = "Bring production back.", Loses = ReturnSide.Home, NeedsReason = true },
            new ReturnChoice { Verb = "STOP_HOME", Explanation = "Shut it down." },
        },
    };

    private static Return Gate(string gate, string evidence) => Shown(new NextStep { Kind = NextKind.Approval, Code = "APPROVAL", Gate = gate, Evidence = evidence, Explanation = "Approve it." });

    private static Return Shown(NextStep next) => new()
    {
        Name = Name,
        VirtualMachineName = "sql-01",
        RecoveryHost = "dr-01",
        HomeHost = "main-01",
        Goal = ReturnGoal.Home,
        Running = next.Kind is NextKind.Step or NextKind.Approval && next.Code != "FAIL_OVER",
        Recovery = new SideState { Host = "dr-01", Reached = true, Summary = "off, primary, synced replication complete" },
        Home = new SideState { Host = "main-01", Reached = true, Summary = "off, replica, replicating" },
        Next = next,
    };

    private void Show(NextStep next) => _coordinator.Returns.Shown = () => Shown(next);
}
