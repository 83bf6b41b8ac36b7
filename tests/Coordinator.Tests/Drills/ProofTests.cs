using Grpc.Core;
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

/// <summary>What is kept of tests: of each machine the newest that was passed, with its end, and the newest that failed.</summary>
public sealed class ProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Machine = new("00000001-0000-0000-0000-000000000001");
    private static readonly SimulatedVirtualMachineDescription Primary = ReturnStage.Machine with { Mode = ReplicationMode.Primary, State = ReplicationState.Replicating, Power = EnabledState.Running };
    private static readonly SimulatedVirtualMachineDescription Replica = ReturnStage.Machine with { State = ReplicationState.Replicating };

    [Fact]
    public async Task Machine_without_a_test_is_missing_until_a_drill_is_passed_and_its_proof_outlives_the_coordinator()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var missing = (await Drills(stage).ListProofsAsync(new ListProofsRequest { States = { ProofState.Missing } })).Proofs.ShouldHaveSingleItem();
        (missing.VirtualMachineName, missing.Host, missing.State, missing.Passed).ShouldBe(("sql-01", ReturnStage.Recovery, ProofState.Missing, null));

        var begun = await Drills(stage).StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", ProofValidFor = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromDays(7)) });
        await EndAsync(stage, begun);
        await stage.Coordinator.StopAsync();
        await stage.StartCoordinatorAsync();

        var proof = (await Drills(stage).ListProofsAsync(new ListProofsRequest { VirtualMachine = "sql-01" })).Proofs.ShouldHaveSingleItem();
        (proof.State, proof.Failed).ShouldBe((ProofState.Valid, null));
        proof.Passed.ShouldSatisfyAllConditions(
            passed => (passed.Drill, passed.Host, passed.TestedBy, passed.Owner, passed.Isolation, passed.Heartbeat).ShouldBe((begun.Name, ReturnStage.Recovery, "dr-lead", "", "NO_NETWORK", true)),
            passed => (passed.ValidUntil.ToDateTimeOffset() - passed.VerdictTime.ToDateTimeOffset()).ShouldBe(TimeSpan.FromDays(7)),
            passed => passed.Took.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero),
            passed => passed.ReplicaTime.ShouldNotBeNull(),
            passed => passed.Explanation.ShouldStartWith("It has come up"));
        (await Drills(stage).ListProofsAsync(new ListProofsRequest { States = { ProofState.Missing, ProofState.Expired, ProofState.Failed } })).Proofs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Drill_that_was_ended_early_proves_nothing_and_a_request_that_makes_no_sense_is_refused()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        var begun = await Drills(stage).StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01" });
        await Drills(stage).EndDrillAsync(new EndDrillRequest { Name = begun.Name });
        await EndAsync(stage, begun);

        (await Drills(stage).ListProofsAsync(new ListProofsRequest())).Proofs.ShouldHaveSingleItem().State.ShouldBe(ProofState.Missing);
        (await RefusedAsync(async () => await Drills(stage).ListProofsAsync(new ListProofsRequest { States = { ProofState.Unspecified } }))).ShouldBe("states");
        (await RefusedAsync(async () => await Drills(stage).StartDrillAsync(new StartDrillRequest { VirtualMachine = "sql-01", ProofValidFor = new() { Seconds = 60 } }))).ShouldBe("proof_valid_for");
        (await RefusedAsync(async () => await Drills(stage).ListProofsAsync(new ListProofsRequest { PageToken = "x" }))).ShouldBe("page_token");
    }

    [Fact]
    public async Task Host_that_does_not_answer_is_named()
    {
        await using var stage = await ReturnStage.StartAsync(Replica, Primary);
        await stage.StopAgentAsync(ReturnStage.Recovery);
        var listed = await Drills(stage).ListProofsAsync(new ListProofsRequest { States = { ProofState.Missing } });
        (listed.Proofs.Count, listed.SilentHosts.ShouldHaveSingleItem()).ShouldBe((0, ReturnStage.Recovery));
    }

    [Fact]
    public async Task Newest_of_each_verdict_is_kept_whatever_the_order_in_which_they_end()
    {
        var directory = Directory.CreateTempSubdirectory("proofs-");
        await using (var store = SqliteStateStore.Open(Path.Combine(directory.FullName, "returns.db"), NullLogger<SqliteStateStore>.Instance))
        {
            var (drills, table) = (new KeptStates<DrillRun>(DrillJson.Form, store), new ProofTable(store));
            foreach (var (verdict, minutes) in new[] { (DrillVerdict.Passed, 5), (DrillVerdict.Failed, 7), (DrillVerdict.Passed, 3), (DrillVerdict.EndedEarly, 9) })
            {
                await drills.WriteAsync(Ended(verdict, Now.AddMinutes(minutes)));
            }

            await drills.WriteAsync(Ended(DrillVerdict.Passed, Now.AddMinutes(20)) with { EndTime = null });
            var known = await table.FindAsync(Machine, TestContext.Current.CancellationToken);
            (known.Passed!.VerdictTime, known.Failed!.VerdictTime, known.Failed.ValidUntil).ShouldBe((Now.AddMinutes(5), Now.AddMinutes(7), null));
            (await table.DatesAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem().ShouldBe(new ProofDates(Machine, Now.AddMinutes(5), Now.AddMinutes(5).AddDays(30), Now.AddMinutes(7)));
        }

        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(null, null, ProofState.Missing)]
    [InlineData(-1, null, ProofState.Valid)]
    [InlineData(-31, null, ProofState.Expired)]
    [InlineData(-30, null, ProofState.Expired)]
    [InlineData(null, -1, ProofState.Failed)]
    [InlineData(-2, -1, ProofState.Failed)]
    [InlineData(-1, -2, ProofState.Valid)]
    [InlineData(-31, -40, ProofState.Expired)]
    public void Newest_test_decides_and_counts_for_its_time(int? passed, int? failed, ProofState expected)
        => ProofListing.StateOf(new ProofDates(Machine, Days(passed), Days(passed + 30), Days(failed)), Now).ShouldBe(expected);

    private static DateTimeOffset? Days(int? days) => days is { } value ? Now.AddDays(value) : null;

    private static DrillRun Ended(DrillVerdict verdict, DateTimeOffset at) => new()
    {
        Uid = Guid.NewGuid(),
        Machine = Machine,
        MachineName = "sql-01",
        Host = "hv-west-01",
        CreateTime = Now,
        CreatedBy = "dr-lead",
        Plan = new ReturnPlan(),
        Verdict = verdict,
        VerdictTime = at,
        EndTime = at,
        Version = 1,
    };

    private static DrillsClient Drills(ReturnStage stage) => new(stage.Coordinator.Connect(PeerRole.Operator, "dr-lead"));

    private static async Task<string> RefusedAsync(Func<Task> call) => RpcFailure.From(await Should.ThrowAsync<RpcException>(call)).FieldViolations.ShouldHaveSingleItem().Field;

    private static async Task EndAsync(ReturnStage stage, Drill begun)
    {
        using var deadline = new CancellationTokenSource(Limits.Patience);
        using var call = Drills(stage).WatchDrill(new WatchDrillRequest { Name = begun.Name }, cancellationToken: deadline.Token);
        await foreach (var shown in call.ResponseStream.ReadAllAsync(deadline.Token))
        {
            if (shown.EndTime is not null)
            {
                return;
            }
        }
    }
}
