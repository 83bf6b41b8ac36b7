using System.Text.RegularExpressions;

namespace HostAgent.Failover;

/// <summary>What decisions mean, for a person who has not seen the procedure before.</summary>
public static partial class Explanations
{
    /// <summary>What comes next and why.</summary>
    /// <param name="decision">The decision.</param>
    public static string Of(Decision decision) => decision switch
    {
        Step step => Of(step),
        Wait { Needs: { } needed } => Of(needed.Gate),
        Wait wait => Of(wait.Why),
        Ask { NoStart: { } why } ask => $"{Of(ask.Code)} Nothing can be started from here: {why}.",
        Ask ask => Of(ask.Code),
        Done done => Of(done.Outcome),
        Refuse refuse => Of(refuse.Code),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "It is no decision."),
    };

    /// <summary>What a step does, and why.</summary>
    /// <param name="step">The step.</param>
    public static string Of(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (site, other) = step.Side == Side.Recovery ? ("the recovery site", "home") : ("home", "the recovery site");
        return step.Kind switch
        {
            StepKind.Fence => $"Tell the host at {site} not to start the machine by itself: a second copy could run after a power failure.",
            StepKind.Unfence => $"Let the host at {site} start the machine by itself again: production runs there.",
            StepKind.ShutDownGuest => $"Shut down the guest at {site}. The service is down from here until the machine has started at {other}.",
            StepKind.DiscardSavedState => $"Drop the memory image of the saved machine at {site}: a replica must be off.",
            StepKind.BecomeReplica => $"Make the stopped machine at {site} a replica, so that it receives the changes from {other}. What it has that was never sent is given up.",
            StepKind.CommitFailover => $"Commit the failover at {site}: its recovery points go, and it can no longer be undone.",
            StepKind.ReverseReplication => $"Reverse the replication at {site}: it becomes the primary, and {other} receives.",
            StepKind.StartReplication => $"Start the first copy from {site} to {other}. Production goes on meanwhile; the disks at {other} are of no use until it has ended.",
            StepKind.ResumeReplication => $"Resume the replication from {site}.",
            StepKind.Resynchronize => $"Compare the disks of both sites, and send what differs from {site}.",
            StepKind.ConnectNetwork => $"Connect the machine's adapters at {site} as planned.",
            StepKind.PreparePlannedFailover => $"Send the last changes from {site} and lock the machine off there.",
            StepKind.FailOver => $"Fail over at {site}: the replica can be started with everything that was sent.",
            StepKind.StartMachine => $"Start the machine at {site}.",
            StepKind.VerifyGuest => $"Check that the machine has come up at {site}.",
            StepKind.RestoreSettings => $"Set the replication settings at {site} that a reversal does not keep.",
            StepKind.CancelPlannedFailover => $"Unlock the machine at {site}: the planned failover is cancelled.",
            StepKind.RevertFailover => $"Undo the failover at {site}: what was written there since is lost, and it receives again.",
            StepKind.EndTestFailover => $"Remove the machine of the test failover at {site}.",
            StepKind.Rehearse => $"Rehearse at {site}: a test failover of the replica is started on no network, checked and removed. Production goes on.",
            StepKind.CreateRelationship => $"Make a new replication relationship from {site} to {other}.",
            _ => step.ToString(),
        };
    }

    /// <summary>What it takes to undo a step once it was made.</summary>
    /// <param name="step">The step.</param>
    public static string UndoOf(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Kind switch
        {
            StepKind.Fence or StepKind.Unfence or StepKind.ConnectNetwork or StepKind.RestoreSettings or StepKind.VerifyGuest or StepKind.EndTestFailover or StepKind.Rehearse => "Costs nothing.",
            StepKind.ShutDownGuest => "Start it again where it was: the outage until then, no data.",
            StepKind.PreparePlannedFailover or StepKind.FailOver => "Going back: seconds at each site and a start at the recovery site, no data.",
            StepKind.StartMachine when step.Side == Side.Home => "Going back: whatever is written at home from now on is lost.",
            StepKind.StartMachine => "Shut it down again.",
            StepKind.DiscardSavedState or StepKind.BecomeReplica or StepKind.CommitFailover or StepKind.RevertFailover => "Cannot be undone: what is given up is gone.",
            StepKind.ReverseReplication when step.Side == Side.Home => "Only by another planned failover to the recovery site: one more outage, no data.",
            StepKind.ReverseReplication => "Cannot be undone; production goes on where it is.",
            StepKind.StartReplication or StepKind.Resynchronize => "Can be cancelled; the disks at the other site are then of no use until a copy has ended.",
            StepKind.ResumeReplication => "Suspend it again.",
            StepKind.CancelPlannedFailover => "Shut down and prepare again.",
            _ => "Not known.",
        };
    }

    /// <summary>What a permission is asked for.</summary>
    /// <param name="gate">The gate.</param>
    public static string Of(Gate gate) => gate switch
    {
        Gate.Attach => "Approve that the machine at home becomes a replica of the one at the recovery site. Given up: what home wrote and never sent, a saved memory image, and the recovery points at the recovery site.",
        Gate.Copy => "Approve the copy to home. Until it has ended the disks at home are neither old nor new; production is not touched.",
        Gate.Outage => "Approve the outage: the guest at the recovery site is shut down, the last changes are sent, and the machine is started at home.",
        Gate.Accept => "Approve that the machine stays at home. From then on the way back is another planned failover.",
        Gate.Discard => "Approve that what was written at home since the switch is lost.",
        _ => throw new ArgumentOutOfRangeException(nameof(gate), gate, "It is no gate."),
    };

    /// <summary>What is waited for.</summary>
    /// <param name="why">The reason.</param>
    public static string Of(WaitReason why) => why switch
    {
        WaitReason.Approval => "A person must approve.",
        WaitReason.SiteSilent => "A host does not answer. Silence does not prove that its machine is off, so nothing is done.",
        WaitReason.ReadNotBelieved => "A host's management service, or its agent, has just been started: what it does not show yet is not known to be missing.",
        WaitReason.AmbiguousMachine => "The machine was found on several nodes, or on none while a node is silent: it may be moving.",
        WaitReason.OwnJob => "An operation of this product is at work on the machine.",
        WaitReason.ForeignJob => "A job of somebody else, such as a backup, is at work on the machine.",
        WaitReason.PowerChanging => "The machine is on its way from one power state to another.",
        WaitReason.UnknownState => "A host shows a replication state that says nothing.",
        WaitReason.FailoverRunning => "A failover is running.",
        WaitReason.DiskSetUpdate => "A change of the replicated disks is running.",
        WaitReason.Copying => "The copy is running; production goes on.",
        WaitReason.PeerLags => "The other site has not shown its part yet.",
        WaitReason.FinalChanges => "The last changes may still be on their way.",
        WaitReason.TryAgain => "A step has failed and is tried again.",
        WaitReason.NotFit => "In step, but too far behind for a short outage.",
        WaitReason.ShutdownArmed => "The guest was asked to shut down and may still do so; it is then started again.",
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, "It is no reason."),
    };

    /// <summary>What a person must decide.</summary>
    /// <param name="question">The question.</param>
    public static string Of(Question question) => question switch
    {
        Question.PeerUnreachable => "A host has not answered for too long. Production runs.",
        Question.OutagePeerSilent => "A host has not answered for too long, and nothing is known to run: the service is down. Is the silent machine off?",
        Question.AmbiguousMachine => "The machine was found several times, or a node is silent.",
        Question.ReadNotBelieved => "What a host shows could not be believed for too long.",
        Question.StepStalled => "A step has not ended by its deadline: its host still works on it, or shows that it does.",
        Question.ForeignJob => "A job of somebody else has not ended for too long.",
        Question.StuckPower => "The machine's power state has not settled for too long.",
        Question.SplitBrain => "The machine runs at both sites. Which one is the right one? Nothing is done before that is decided.",
        Question.UnknownState => "A host shows a replication state that is not published, or that says nothing.",
        Question.HalfFailover => "A failover stands half done.",
        Question.UnsupportedState => "The replication is in a state of another procedure, which must be ended first.",
        Question.TestMachine => "The machine of somebody else's test failover is in the way.",
        Question.StepFails => "A step has failed every time.",
        Question.Gone => "The machine is at neither site.",
        Question.GoneAtRecovery => "The machine is not at the recovery site.",
        Question.WhichSide => "Nothing proves which site has the newer disks.",
        Question.ProductionWasAtHome => "Production last ran at home, and the next step would make the recovery site the source: it would overwrite home.",
        Question.RecoverySaved => "The machine at the recovery site is saved or paused.",
        Question.NoProduction => "Production is not where the return could begin.",
        Question.OtherTarget => "The machine replicates to another host than home.",
        Question.TargetLacksMachine => "The machine replicates to home, which does not have it.",
        Question.DisksDiffer => "The disks at home differ in number or size.",
        Question.BothFailedOver => "Both sites are failed over.",
        Question.OtherSource => "The machine at home receives from somebody else.",
        Question.NoPrimary => "Neither site is the primary.",
        Question.TwoPrimaries => "Both sites are the primary.",
        Question.CopyStalled => "The copy does not move.",
        Question.PausedBySomebody => "Somebody has paused the replication.",
        Question.Critical => "The replication is critical, and neither resuming nor a resynchronization has helped.",
        Question.NotFit => "In step, but never close enough for a short outage.",
        Question.StartedAgain => "The machine was shut down for the switch and runs again.",
        Question.GuestStaysUp => "The guest has not shut down.",
        Question.OffUnexpectedly => "The machine at the recovery site is off, and this return has not stopped it.",
        Question.DeltaNotProven => "It is not proved that the last changes are at home.",
        Question.PreparedButPeerBusy => "The recovery site is prepared for the switch, and home is busy.",
        Question.NotAPlannedPoint => "Home was failed over to a point that is not the one of this switch: writes may be missing in it.",
        Question.CrashedInSwitch => "A host crashed in the middle of the switch.",
        Question.TwoStartable => "Both machines could be started, and none runs.",
        Question.FailedOverWhileAlive => "Home was failed over while the machine runs at the recovery site.",
        Question.StoppedAtHome => "The machine at home may have run since it was failed over, and does not run now.",
        Question.Unhealthy => "The machine runs at home and has not come up as it should.",
        Question.UnplannedHome => "Production runs at home without a planned failover.",
        Question.NoReverse => "The replication cannot be reversed; production runs at home without protection.",
        Question.HalfReversed => "A reversal stands half done.",
        Question.NobodyRuns => "The machine runs nowhere, and nothing says where it should.",
        Question.PlannedToRecovery => "Somebody has prepared the machine at home for a failover to the recovery site.",
        Question.Reprotect => "Production runs at home, and cannot be protected at the recovery site again.",
        Question.NoWayBack => "The failover at home is committed: the cheap way back has gone.",
        Question.NotSettled => "A stop was asked for, and production runs at home without having been accepted.",
        Question.Impossible => "The hosts show a pair of states that Hyper-V does not produce.",
        Question.UnexpectedPair => "The hosts show a pair of states that no rule covers.",
        Question.RehearsalFailed => "The machine has not come up in its rehearsal at home. Production runs on at the recovery site, and nothing of the rehearsal is left.",
        _ => throw new ArgumentOutOfRangeException(nameof(question), question, "It is no question."),
    };

    /// <summary>What an answer does.</summary>
    /// <param name="verb">The verb.</param>
    public static string Of(Verb verb) => verb switch
    {
        Verb.Recheck => "Read both hosts and decide again.",
        Verb.HandOver => "End this return; go on by hand.",
        Verb.GoBack => "Bring production back to the recovery site.",
        Verb.GoHome => "Go on towards home.",
        Verb.ApproveOutage => "Approve a new outage.",
        Verb.StateOff => "State that the silent host's machine is powered off or cut from the network. If that is wrong, two copies run.",
        Verb.StartRecovery => "Start the machine at the recovery site.",
        Verb.StartHome => "Start the machine at home.",
        Verb.StopRecovery => "Shut down the machine at the recovery site.",
        Verb.StopHome => "Shut down the machine at home.",
        Verb.CancelPrepared => "Unlock the machine at the recovery site.",
        Verb.RevertHome => "Undo the failover at home.",
        Verb.KeepRecovery => "Declare the disks at the recovery site to be the right ones.",
        Verb.KeepHome => "Declare the disks at home to be the right ones.",
        Verb.AttachRecovery => "Make the machine at the recovery site a replica of the one at home.",
        Verb.RehearseAgain => "Rehearse at home once more.",
        Verb.GoOnUnrehearsed => "Go on to the outage although the machine may not come up at home.",
        Verb.VerifyAgain => "Check once more whether the machine has come up at home. It runs on meanwhile.",
        Verb.CancelStep => "Have the host terminate the step's job; where it has none, give the step up. What became of it is then read from both hosts.",
        Verb.GoOnUnverified => "Let the machine stay at home although its check has not passed, and protect it at the recovery site.",
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "It is no verb."),
    };

    /// <summary>How it ended.</summary>
    /// <param name="outcome">The outcome.</param>
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Home => "Production runs at home and is protected at the recovery site.",
        Outcome.HomeUnprotected => "Production runs at home and is not protected.",
        Outcome.RolledBack => "Production runs at the recovery site again.",
        Outcome.Protected => "Production runs at the recovery site, and home receives its changes.",
        Outcome.Stopped => "Stopped as asked; production runs.",
        Outcome.HandedOver => "Handed over to people.",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "It is no outcome."),
    };

    /// <summary>
    /// A text of these with the sites called by their hosts: for the way there of a drill, where home is the host of the replica and the recovery site the one where
    /// production has its home.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="recovery">What to call the recovery site.</param>
    /// <param name="home">What to call home.</param>
    public static string Named(string text, string recovery, string home) => Sites().Replace(text, site => site.ValueSpan.EndsWith("ome", StringComparison.Ordinal) ? home : recovery);

    [GeneratedRegex("[Tt]he recovery site|\\b[Hh]ome\\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sites();

    private static string Of(Refusal refusal) => refusal switch
    {
        Refusal.IsTestMachine => "It is the machine of a test failover.",
        Refusal.Extended => "It replicates on to a third site: remove the extended replication first.",
        Refusal.Unsupported => "Its disks, its group or its replication provider are not supported.",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "It is no refusal."),
    };
}
