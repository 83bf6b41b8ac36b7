using HostAgent.HyperV.Replication;

namespace HostAgent.Failover;

/// <summary>The verbs that are legal on a pair, and what each gives up: one table for every question.</summary>
internal static class Legality
{
    private static readonly Choice[] Always = [new(Verb.Recheck), new(Verb.HandOver)];

    /// <summary>The question with every verb that is legal now.</summary>
    public static Ask Ask(Pair pair, Question question)
    {
        var choices = Enum.GetValues<Verb>().Select(verb => Of(verb, pair)).OfType<Choice>().Concat(Always).ToList();
        var starts = !pair.NothingRuns || choices.Exists(choice => choice.Verb is Verb.StartRecovery or Verb.StartHome || (choice.Verb == Verb.GoBack && Known(pair.Recovery) && Known(pair.Home)));
        return new Ask(question, choices) { NoStart = starts ? null : WhyNoStart(pair) };
    }

    /// <summary>A verb with its cost; null when it is not legal on this pair.</summary>
    public static Choice? Of(Verb verb, Pair pair)
    {
        var (recovery, home, records) = (pair.Recovery, pair.Home, pair.Records);
        var bothKnown = Known(recovery) && Known(home);
        // Only where production is proved to be at the recovery site does home have nothing of its own. A start of which nobody knows how it ended may have run there.
        var homeWrites = records.ProductionAt == Side.Recovery && !home.StatedOff && !pair.RanAtHome ? Loss.None : Loss.HomeWrites;
        return verb switch
        {
            Verb.GoBack when pair.Goal != Goal.Back && recovery is { Reached: true, Presence: Presence.Present } && !home.Is(ReplicationMode.Replica, ReplicationState.Committed)
                => new Choice(verb, homeWrites),
            Verb.GoHome when pair.Goal != Goal.Home => new Choice(verb),
            Verb.ApproveOutage when pair.Goal == Goal.Home && !pair.AwaitsRehearsal && recovery.Is(ReplicationMode.Primary, ReplicationState.Replicating) && home.Is(ReplicationMode.Replica, ReplicationState.Replicating)
                && (recovery.IsRunning || (recovery.IsOff && records.ProductionAt == Side.Recovery)) => new Choice(verb),
            Verb.StateOff when !recovery.Reached && !recovery.StatedOff && home.Reached => new Choice(verb),
            Verb.StateOff when !home.Reached && !home.StatedOff && recovery.Reached => new Choice(verb),
            Verb.StartRecovery when bothKnown && records.CopyUnfinishedAt != Side.Recovery && CanStart(recovery, home) => new Choice(verb, homeWrites),
            Verb.StartHome when bothKnown && records.CopyUnfinishedAt != Side.Home && CanStart(home, recovery)
                // Production at home proves nothing of a point that home was failed over to since.
                => new Choice(verb, !recovery.StatedOff && (pair.PlannedPoint || (records.ProductionAt == Side.Home && !home.IsFailedOver)) ? Loss.None : Loss.RecoveryWrites),
            Verb.StopRecovery when recovery.Reached && recovery.IsRunning && home.IsRunning => new Choice(verb),
            Verb.StopHome when home.Reached && home.IsRunning && recovery.IsRunning => new Choice(verb),
            Verb.CancelPrepared when bothKnown && recovery.Reached && recovery.IsOff && recovery.Is(ReplicationMode.Primary, ReplicationState.SyncedReplicationComplete)
                && (home.StatedOff || (!home.IsRunning && !home.IsFailedOver && home.Power != Power.Moving)) => new Choice(verb),
            Verb.RevertHome when home is { Reached: true, IsOff: true } && home.Is(ReplicationMode.Replica, ReplicationState.Recovered, ReplicationState.RecoveryInProgress) && home.Job is null
                => new Choice(verb, homeWrites),
            // Not while the other one runs: what it still writes would be given up unseen.
            Verb.KeepRecovery when records.ProductionAt != Side.Recovery && home.IsOff && recovery.Presence == Presence.Present && Known(recovery)
                => new Choice(verb, Loss.HomeWrites),
            Verb.KeepHome when records.ProductionAt != Side.Home && recovery.IsOff && home.Presence == Presence.Present && Known(home) => new Choice(verb, Loss.RecoveryWrites),
            Verb.AttachRecovery when bothKnown && recovery is { Reached: true, IsOff: true } && records.ProductionAt == Side.Home && home.IsRunning
                && recovery.Mode is ReplicationMode.Primary or ReplicationMode.None && (home.IsFailedOver || home.Mode == ReplicationMode.Primary)
                => new Choice(verb, Loss.RecoveryWrites),
            Verb.RehearseAgain or Verb.GoOnUnrehearsed when pair is { Goal: Goal.Home, AwaitsRehearsal: true } && records.Rehearsal is not null && recovery.IsRunning
                && recovery.Is(ReplicationMode.Primary, ReplicationState.Replicating) && home.Is(ReplicationMode.Replica, ReplicationState.Replicating) => new Choice(verb),
            Verb.VerifyAgain or Verb.GoOnUnverified when pair.Goal == Goal.Home && records is { HomeStart: not null, Verification: { Healthy: false } verified } && home is { Reached: true, IsRunning: true }
                && verified.Run == home.LastStart && !recovery.IsRunning => new Choice(verb),
            Verb.CancelStep when pair.CanCancelStep => new Choice(verb),
            _ => null,
        };
    }

    /// <summary>What an answer makes of a pair; null when it is not a step, or no longer legal.</summary>
    public static Decision? Carry(Pair pair, Order order) => Of(order.Verb, pair) is null && order.Verb != Verb.HandOver
        ? null
        : order.Verb switch
        {
            Verb.HandOver => new Done(Outcome.HandedOver),
            Verb.StartRecovery => new Step(StepKind.StartMachine, Side.Recovery),
            Verb.StartHome => new Step(StepKind.StartMachine, Side.Home),
            Verb.StopRecovery => new Step(StepKind.ShutDownGuest, Side.Recovery),
            Verb.StopHome => new Step(StepKind.ShutDownGuest, Side.Home),
            Verb.CancelPrepared => new Step(StepKind.CancelPlannedFailover, Side.Recovery),
            Verb.RevertHome => new Step(StepKind.RevertFailover, Side.Home),
            Verb.AttachRecovery => new Step(StepKind.BecomeReplica, Side.Recovery),
            _ => null,
        };

    private static bool Known(MachineFacts facts) => facts is { Reached: true, Believed: true } or { StatedOff: true };

    // The other one is off, and nothing but a person or an operation of ours would start it.
    private static bool CanStart(MachineFacts machine, MachineFacts other) => machine is { Reached: true, Power: Power.Off, Job: null } && machine.IsStartable
        && other.IsOff && other.Job is null && (other.StatedOff || !other.StartsByItself || !other.IsStartable)
        // Two copies that a restart or a person could start: the other way must be closed first.
        && (other.StatedOff || !other.IsFailedOver || machine.IsFailedOver);

    private static string WhyNoStart(Pair pair) => (pair.Recovery, pair.Home) switch
    {
        ({ Reached: false, StatedOff: false }, _) => "the recovery site does not answer, and silence does not prove that the machine is off there",
        (_, { Reached: false, StatedOff: false }) => "home does not answer, and silence does not prove that the machine is off there",
        ({ Presence: Presence.Absent }, { Presence: Presence.Absent }) => "the machine is at neither site",
        ({ Power: Power.Saved or Power.Paused }, _) or (_, { Power: Power.Saved or Power.Paused }) => "a saved or paused machine must be resumed or turned off on its host first",
        ({ Power: Power.Moving }, _) or (_, { Power: Power.Moving }) => "a machine is changing its power state",
        _ when pair.Records.CopyUnfinishedAt is not null => "a copy did not end, and the disks that it was writing are neither old nor new",
        _ => "neither machine can be started in its replication state: revert a failover, or unlock the prepared machine, first",
    };
}
