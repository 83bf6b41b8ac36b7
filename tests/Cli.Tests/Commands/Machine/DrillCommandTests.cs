using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Machine;

public sealed class DrillCommandTests : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly FakeDrills _drills;
    private readonly CommandLine _failback;

    public DrillCommandTests(FakeCoordinator coordinator)
    {
        _drills = coordinator.Drills;
        _drills.Commanded.Clear();
        _failback = new CommandLine(coordinator);
    }

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData(DrillState.Passed, ExitCode.Success)]
    [InlineData(DrillState.Failed, ExitCode.Failed)]
    [InlineData(DrillState.EndedEarly, ExitCode.Failed)]
    public async Task Drill_is_followed_to_its_end_which_the_exit_code_tells(DrillState state, int code)
    {
        var end = Shown(state);
        end.Steps.Add(new ReturnStep { Number = 1, Kind = "TEST_FAILOVER", Succeeded = true, Explanation = "Made." });
        _drills.Shown = [Shown(DrillState.Testing), end];

        (await _failback.RunAsync("vm", "drill", "sql-01", "--host", "dr-01", "--check", "web", "--heartbeat-timeout", "30", "--soak", "5", "--switch", "Isolated", "--valid-for", "7")).ShouldBe(code);

        var started = _drills.Commanded.OfType<StartDrillRequest>().ShouldHaveSingleItem();
        (started.VirtualSwitch, started.ProofValidFor.Seconds).ShouldBe(("Isolated", 7 * 86_400));
        (started.VirtualMachine, started.Host, started.Check.ApplicationCheck, started.Check.HeartbeatTimeout.Seconds, started.SoakTime.Seconds).ShouldBe(("sql-01", "dr-01", "web", 30, 300));
        _failback.Error.ShouldContain("step 1 TEST_FAILOVER: Made.");
        _failback.OutputLines.ShouldHaveSingleItem().ShouldContain("sql-01, the replica on dr-01. It has come up.");
    }

    [Theory]
    [InlineData("--expect-address 192.0.2.10 --expect-address 192.0.2.11,2001:db8::1", "192.0.2.10 192.0.2.11 2001:db8::1", false, false)]
    [InlineData("--expect-address any", "", true, false)]
    [InlineData("--ignore-network", "", false, true)]
    [InlineData("", "", false, false)]
    public async Task Expected_network_is_sent_as_it_was_typed(string typed, string addresses, bool any, bool ignored)
    {
        _drills.Shown = [Shown(DrillState.Passed)];

        (await _failback.RunAsync(["vm", "drill", "sql-01", .. typed.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).ShouldBe(ExitCode.Success);

        var check = _drills.Commanded.OfType<StartDrillRequest>().ShouldHaveSingleItem().Check;
        (string.Join(' ', check.ExpectedAddresses), check.AnyAddress, check.IgnoreNetwork).ShouldBe((addresses, any, ignored));
    }

    [Fact]
    public async Task Drills_are_listed_and_one_is_ended_by_its_name()
    {
        _drills.Shown = [Shown(DrillState.CleaningUp)];

        (await _failback.RunAsync("vm", "drills")).ShouldBe(ExitCode.Success);
        (await _failback.RunAsync("vm", "drills", "--all")).ShouldBe(ExitCode.Success);
        (await _failback.RunAsync("vm", "end-drill", "drills/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01", "--reason", "the link is needed")).ShouldBe(ExitCode.Success);

        _drills.Commanded.OfType<ListDrillsRequest>().Select(request => request.LiveOnly).ShouldBe([true, false]);
        var ended = _drills.Commanded.OfType<EndDrillRequest>().ShouldHaveSingleItem();
        (ended.Name, ended.Reason).ShouldBe(("drills/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01", "the link is needed"));
        _failback.Output.ShouldContain("CLEANING_UP");
    }

    [Fact]
    public async Task Proofs_are_listed_with_their_dates_and_what_is_missing_is_told_by_the_exit_code()
    {
        _drills.Proofs = Proven();

        (await _failback.RunAsync("vm", "proofs")).ShouldBe(ExitCode.Success);
        _failback.Output.ShouldContain("2026-12-27T12:00:00Z");
        (await _failback.RunAsync("vm", "proofs", "--expired", "--missing", "--failed")).ShouldBe(ExitCode.Failed);
        _drills.Commanded.OfType<ListProofsRequest>().Last().States.ShouldBe([ProofState.Expired, ProofState.Missing, ProofState.Failed]);

        _drills.Proofs = new ListProofsResponse();
        (await _failback.RunAsync("vm", "proofs", "--missing")).ShouldBe(ExitCode.Success);
        _drills.Proofs = new ListProofsResponse { SilentHosts = { "dr-02" } };
        (await _failback.RunAsync("vm", "proofs", "--missing")).ShouldBe(ExitCode.Failed);
        _failback.Error.ShouldContain("dr-02 could not be asked");
    }

    [Fact]
    public async Task Status_of_a_machine_that_was_only_tested_shows_its_proof()
    {
        _drills.Proofs = Proven();

        (await _failback.RunAsync("vm", "status", "sql-77")).ShouldBe(ExitCode.Success);

        _drills.Commanded.OfType<ListProofsRequest>().ShouldHaveSingleItem().VirtualMachine.ShouldBe("sql-77");
        _failback.Output.ShouldContain("Tests of sql-77, whose replica is on dr-01: VALID");
        _failback.Output.ShouldContain("It has come up. On dr-01, switch Isolated (PRIVATE), in 1:30, by dr-lead for campaigns/drill (drills/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01).");

        _drills.Proofs = new ListProofsResponse();
        (await _failback.RunAsync("vm", "status", "sql-77")).ShouldBe(ExitCode.Failed);
    }

    private static ListProofsResponse Proven() => new()
    {
        Proofs =
        {
            new MachineProof
            {
                VirtualMachineName = "sql-77",
                Host = "dr-01",
                State = ProofState.Valid,
                Passed = new ReplicaTest
                {
                    Drill = "drills/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01",
                    Host = "dr-01",
                    VerdictTime = new() { Seconds = 1_795_780_800 },
                    ValidUntil = new() { Seconds = 1_798_372_800 },
                    TestedBy = "dr-lead",
                    Owner = "campaigns/drill",
                    Isolation = "PRIVATE",
                    VirtualSwitch = "Isolated",
                    Took = new() { Seconds = 90 },
                    Explanation = "It has come up.",
                },
            },
        },
    };

    private static Drill Shown(DrillState state)
        => new() { Name = "drills/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01", VirtualMachineName = "sql-01", Host = "dr-01", State = state, Explanation = "It has come up." };
}
