using HostAgent.HyperV.Replication;

namespace HostAgent.Failover.Tests.Model;

/// <summary>A rule taken out of the product, and what the exploration must then find.</summary>
/// <param name="Finds">A class of violation that only this rule prevents.</param>
/// <param name="Start">A start from which it is found.</param>
/// <param name="Function">The function without the rule: it is made blind to the fact on which the rule rests.</param>
/// <param name="Assumptions">The surroundings without it.</param>
internal sealed record Mutant(string Finds, string Start, Decide Function, Assumptions Assumptions);

/// <summary>One mutant for each rule, by the rule's name.</summary>
internal static class Mutants
{
    private const string RestPoint = "rest point: everything once";
    private const string Persons = "rest point: two persons";

    /// <summary>The spec of the model: fewer tries, so that its worlds stay few.</summary>
    public static FailoverSpec Spec { get; } = FailoverSpec.Default with { Tries = 3 };

    public static Decide Whole { get; } = (recovery, home, records, goal, now) => FailoverDecision.Next(recovery, home, Spec, records, goal, now);

    public static IReadOnlyDictionary<string, Mutant> All { get; } = new Dictionary<string, Mutant>(StringComparer.Ordinal)
    {
        ["C1+C2 final changes and planned point are proved"] = Blind("STALE_START", RestPoint, (ref recovery, ref home, ref records) =>
        {
            records = records with { Prepare = new PrepareRecord(World.Clock(-1), recovery.LastStart) };
            home = home with { LastType = ReplicationType.Planned, FailedOverType = home.FailedOverType == ReplicationType.None ? home.FailedOverType : ReplicationType.Planned };
        }),
        ["C2 only the planned point is started"] = Blind("STALE_START", RestPoint, (ref recovery, ref home, ref records) =>
        {
            if (home.FailedOverType != ReplicationType.None)
            {
                records = records with { Prepare = new PrepareRecord(World.Clock(-1), recovery.LastStart) };
                home = home with { LastType = ReplicationType.Planned, FailedOverType = ReplicationType.Planned };
            }
        }),
        ["C2' the final changes are those of the last run"] = Blind("STALE_START", RestPoint, (ref recovery, ref home, ref records) =>
            records = records with { Prepare = records.Prepare is { } prepare ? prepare with { RecoveryRun = recovery.LastStart } : null }),
        ["C3 an approval is good for one use, on its evidence"] = new Mutant("SECOND_OUTAGE_ON_ONE_APPROVAL", Persons, Whole, new Assumptions { ApprovalsAreUsedUp = false }),
        ["C5+C11 the older side is no source"] = new Mutant("OLDER_SIDE_IS_SOURCE", "rest point: two crashes, two answers", Blinded(Resynchronizes), new Assumptions { ResynchronizesOverFailover = true }),
        ["C5 a crash in the switch is asked about, and so is a step that always fails"] = new Mutant("LIVELOCK", "rest point: two crashes, two answers", Blinded((ref recovery, ref home, ref records) =>
        {
            Resynchronizes(ref recovery, ref home, ref records);
            records = records with { FailedStep = null, Failures = 0 };
        }), new Assumptions()),
        ["C6 the recovery site is fenced before it is prepared"] = new Mutant("DUAL_RUN", "rest point: two crashes, two answers", Blinded((ref recovery, ref home, ref records) => recovery = recovery with { StartsByItself = false }), new Assumptions { BootGuard = false }),
        ["C7 going back is a goal"] = new Mutant("GOES_FORWARD_AFTER_ROLL_BACK", RestPoint, (recovery, home, records, goal, now) => Whole(recovery, home, records, Goal.Home, now), new Assumptions()),
        ["C9 a late step expires"] = new Mutant("DUAL_RUN", Persons, Whole, new Assumptions { TicketsExpire = false }),
        ["C10 a switch that was given up stays given up"] = Blind("GOES_FORWARD_AFTER_ABANDON", "rest point: a guest that goes down late", (ref recovery, ref home, ref records)
            => records = records with { Shutdown = records.Shutdown is null ? null : records.Shutdown with { Abandoned = false } }),
        ["C11 what a person stopped at home is not started again"] = Blind("RESTARTS_WHAT_A_PERSON_STOPPED", RestPoint, (ref recovery, ref home, ref records) => records = records with { HomeStart = null }),
        ["C12 a host that returns asks before it starts"] = new Mutant("STALE_START", "d: home returns and believes that it is the primary", Whole, new Assumptions { BootGuard = false }),
        ["a copy that did not end leaves no disks to start"] = Blind("CORRUPT_START", "J: the recovery site was reversed before home was ready", (ref recovery, ref home, ref records) => records = records with { CopyUnfinishedAt = null }),
        ["C11 where production was is remembered"] = Blind("LOSS_WITHOUT_GATE", "second disaster: home runs, protected", (ref recovery, ref home, ref records)
            => records = records with { ProductionAt = Side.Recovery, Contested = false }),
    };

    private delegate void Blindness(ref MachineFacts recovery, ref MachineFacts home, ref FailoverRecords records);

    private static Mutant Blind(string finds, string start, Blindness blindness) => new(finds, start, Blinded(blindness), new Assumptions());

    private static Decide Blinded(Blindness blindness) => (recovery, home, records, goal, now) =>
    {
        blindness(ref recovery, ref home, ref records);
        return Whole(recovery, home, records, goal, now);
    };

    private static void Resynchronizes(ref MachineFacts recovery, ref MachineFacts home, ref FailoverRecords records)
    {
        if (recovery.State is ReplicationState.WaitingForStartResynchronize && home is { State: ReplicationState.Recovered, Power: Power.Off })
        {
            home = home with { State = ReplicationState.Replicating };
            records = records with { ProductionAt = Side.Recovery, Contested = false };
        }
    }
}
