using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests;

/// <summary>Every pair of states that two hosts could show has an answer, and no answer is one that must never be given.</summary>
public sealed class TotalityTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1000);
    private static readonly ReplicationMode?[] Modes = [null, .. Enum.GetValues<ReplicationMode>()];
    private static readonly ReplicationState[] States = [.. Enum.GetValues<ReplicationState>(), (ReplicationState)99];
    private static readonly MachineFacts[] Sides = [.. Machines()];

    private static readonly Dictionary<StepKind, Func<MachineFacts, bool>> Preconditions = new()
    {
        [StepKind.Fence] = machine => machine.StartsByItself,
        [StepKind.Unfence] = machine => !machine.StartsByItself,
        [StepKind.ShutDownGuest] = machine => machine.Power == Power.Running,
        [StepKind.DiscardSavedState] = machine => machine.Power == Power.Saved,
        [StepKind.BecomeReplica] = machine => machine is { Power: Power.Off, Mode: ReplicationMode.Primary or ReplicationMode.None },
        [StepKind.CommitFailover] = machine => machine is { Mode: ReplicationMode.Replica, State: ReplicationState.Recovered },
        [StepKind.ReverseReplication] = machine => machine is { Mode: ReplicationMode.Replica, State: ReplicationState.Recovered or ReplicationState.Committed },
        [StepKind.StartReplication] = machine => machine is { Mode: ReplicationMode.Primary, State: ReplicationState.Ready },
        [StepKind.ResumeReplication] = machine => machine.State is ReplicationState.Suspended or ReplicationState.Critical or ReplicationState.ResynchronizeSuspended or ReplicationState.Replicating,
        [StepKind.Resynchronize] = machine => machine is { Mode: ReplicationMode.Primary, State: ReplicationState.WaitingForStartResynchronize or ReplicationState.ResynchronizeSuspended or ReplicationState.Critical },
        [StepKind.PreparePlannedFailover] = machine => machine is { Power: Power.Off, Mode: ReplicationMode.Primary, State: ReplicationState.Replicating },
        [StepKind.FailOver] = machine => machine is { Power: Power.Off, Mode: ReplicationMode.Replica, State: ReplicationState.Replicating },
        [StepKind.StartMachine] = machine => machine is { Power: Power.Off },
        [StepKind.CancelPlannedFailover] = machine => machine is { Power: Power.Off, Mode: ReplicationMode.Primary, State: ReplicationState.SyncedReplicationComplete },
        [StepKind.RevertFailover] = machine => machine is { Power: Power.Off, Mode: ReplicationMode.Replica, State: ReplicationState.Recovered or ReplicationState.RecoveryInProgress },
        [StepKind.CreateRelationship] = machine => machine.Mode == ReplicationMode.None,
    };

    private static readonly HashSet<StepKind> Gated = [StepKind.BecomeReplica, StepKind.StartReplication, StepKind.CommitFailover, StepKind.CreateRelationship, StepKind.DiscardSavedState];

    public static TheoryData<Goal, Side?> Contexts => new(Enum.GetValues<Goal>().SelectMany(goal => new (Goal, Side?)[] { (goal, null), (goal, Side.Recovery), (goal, Side.Home) }));

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Every_pair_has_a_safe_answer(Goal goal, Side? production)
    {
        var records = new FailoverRecords { ProductionAt = production };
        foreach (var recovery in Sides)
        {
            foreach (var home in Sides)
            {
                var decision = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, Now);
                if (Fault(decision, recovery, home, production) is { } fault)
                {
                    Assert.Fail($"{fault}: {decision} for goal {goal}, production {production}, {Show(recovery)} | {Show(home)}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Approval_opens_its_gate_for_a_step_that_the_agent_takes(Goal goal, Side? production)
    {
        foreach (var recovery in Sides)
        {
            foreach (var home in Sides)
            {
                var records = new FailoverRecords { ProductionAt = production };
                if (FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, Now) is not Wait { Needs: { } needs })
                {
                    continue;
                }

                var step = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Approved(needs), goal, Now).ShouldBeOfType<Step>($"{needs.Gate} for {Show(recovery)} | {Show(home)}");
                Fault(step, recovery, home, production, approved: true).ShouldBeNull($"{step} for {Show(recovery)} | {Show(home)}");
                FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Approved(needs with { Evidence = needs.Evidence with { Goal = (Goal)7 } }), goal, Now)
                    .ShouldBe(new Wait(WaitReason.Approval) { Needs = needs }, "an approval of something else opens nothing");
            }
        }
    }

    [Fact]
    public void Every_step_is_reached()
    {
        var reached = new HashSet<StepKind>();
        foreach (var (goal, production) in Contexts.Select(context => context.Data))
        {
            foreach (var recovery in Sides.SelectMany(side => new[] { side, side with { StartsByItself = true, TestMachine = TestMachine.Ours } }))
            {
                foreach (var home in Sides)
                {
                    var records = new FailoverRecords { ProductionAt = production };
                    var spec = FailoverSpec.Default with { OffIsFine = true, CommitExplicitly = true };
                    var decision = FailoverDecision.Next(recovery, home, spec, records, goal, Now);
                    decision = decision is Wait { Needs: { } needs } ? FailoverDecision.Next(recovery, home, spec, records.Approved(needs), goal, Now) : decision;
                    if (decision is Step step)
                    {
                        reached.Add(step.Kind);
                    }
                }
            }
        }

        // These need what a walk remembers, or facts of one machine: the tests of walks reach them.
        Enum.GetValues<StepKind>().Except(reached).ShouldBe(
            [StepKind.CommitFailover, StepKind.ConnectNetwork, StepKind.FailOver, StepKind.StartMachine, StepKind.RestoreSettings, StepKind.Rehearse], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Wait_that_lasts_too_long_becomes_a_question(Goal goal, Side? production)
    {
        foreach (var recovery in Sides)
        {
            foreach (var home in Sides)
            {
                var records = new FailoverRecords { ProductionAt = production };
                if (FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, Now) is Wait { Until: not null, Why: not WaitReason.ShutdownArmed } wait)
                {
                    wait.Until.Value.ShouldBeGreaterThan(Now);
                    FailoverDecision.Next(recovery, home, FailoverSpec.Default, records with { Waiting = wait.Why, WaitingSince = DateTimeOffset.UnixEpoch }, goal, Now)
                        .ShouldBeOfType<Ask>($"{wait} for {Show(recovery)} | {Show(home)}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Every_answer_that_a_question_offers_is_carried_out(Goal goal, Side? production)
    {
        Verb[] done = [Verb.HandOver, Verb.StartRecovery, Verb.StartHome, Verb.StopRecovery, Verb.StopHome, Verb.CancelPrepared, Verb.RevertHome, Verb.AttachRecovery];
        foreach (var recovery in Sides)
        {
            foreach (var home in Sides)
            {
                var records = new FailoverRecords { ProductionAt = production };
                if (FailoverDecision.Next(recovery, home, FailoverSpec.Default, records, goal, Now) is not Ask ask)
                {
                    continue;
                }

                var evidence = FailoverDecision.EvidenceOf(recovery, home, goal);
                foreach (var choice in ask.Choices.Where(choice => done.Contains(choice.Verb)))
                {
                    var next = FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Answered(new Order(choice.Verb, evidence)), goal, Now);
                    (next is Step or Done { Outcome: Outcome.HandedOver }).ShouldBeTrue($"{ask.Code} answered with {choice.Verb} gives {next} for {Show(recovery)} | {Show(home)}");
                    FailoverDecision.Next(recovery, home, FailoverSpec.Default, records.Answered(new Order(choice.Verb, evidence with { Pair = 1 << 30 })), goal, Now)
                        .ShouldBeOfType<Ask>("an answer to something else answers nothing");
                }
            }
        }
    }

    private static string? Fault(Decision decision, MachineFacts recovery, MachineFacts home, Side? production) => decision switch
    {
        Ask ask when ask.Choices.Count < 2 || ask.Choices.Select(choice => choice.Verb).Distinct().Count() != ask.Choices.Count => "a question without two ways on",
        Ask { NoStart: null } ask when !Runs(recovery) && !Runs(home) && !ask.Choices.Any(choice => choice.Verb is Verb.StartRecovery or Verb.StartHome or Verb.GoBack)
            => "nothing runs, no verb starts it, and no reason is given",
        Done { Outcome: not Outcome.HandedOver } when !Runs(recovery) && !Runs(home) => "an end with nothing running",
        Done { Outcome: Outcome.Home or Outcome.HomeUnprotected } when !Runs(home) => "home, and nothing runs there",
        Done { Outcome: Outcome.RolledBack or Outcome.Protected } when !Runs(recovery) => "back, and nothing runs there",
        Step step => Fault(step, recovery, home, production),
        _ => null,
    };

    private static string? Fault(Step step, MachineFacts recovery, MachineFacts home, Side? production, bool approved = false)
    {
        var (machine, peer) = step.Side == Side.Recovery ? (recovery, home) : (home, recovery);
        return step switch
        {
            _ when machine.Presence != Presence.Present => "a step for a machine that is not there",
            _ when Preconditions.TryGetValue(step.Kind, out var holds) && !holds(machine) => "a step that its agent would refuse",
            _ when !approved && Gated.Contains(step.Kind) && !(step is { Kind: StepKind.StartReplication, Side: Side.Home }) => "a step past a gate that nobody has approved",
            { Kind: StepKind.ShutDownGuest } when !approved => "an outage that nobody has approved",
            { Kind: StepKind.StartMachine } when peer.Power is not Power.Off => "a start while the other side is not off",
            { Kind: StepKind.StartMachine, Side: Side.Recovery } when production != Side.Recovery => "a start where production was not",
            { Kind: StepKind.Resynchronize or StepKind.StartReplication or StepKind.ReverseReplication } when production == (step.Side == Side.Recovery ? Side.Home : Side.Recovery)
                => "the side where production was not is made the source",
            _ => null,
        };
    }

    private static bool Runs(MachineFacts machine) => machine is { Presence: Presence.Present, Power: Power.Running };

    private static IEnumerable<MachineFacts> Machines()
    {
        foreach (var mode in Modes)
        {
            if (mode is not { } known)
            {
                yield return new MachineFacts { Presence = Presence.Absent };
                continue;
            }

            // A machine that is not replicated has no state of its own.
            foreach (var state in known == ReplicationMode.None ? [ReplicationState.Disabled] : States)
            {
                foreach (var power in Enum.GetValues<Power>())
                {
                    yield return new MachineFacts { Mode = known, State = state, Power = power };
                }
            }
        }
    }

    private static string Show(MachineFacts machine) => machine.Presence == Presence.Absent ? "absent" : $"{(int)machine.Mode}/{(int)machine.State} {machine.Power}";
}
