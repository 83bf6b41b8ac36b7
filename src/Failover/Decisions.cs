namespace HostAgent.Failover;

/// <summary>What one operation does to a machine at one site.</summary>
public enum StepKind
{
    /// <summary>Lets the host not start the machine by itself.</summary>
    Fence,

    /// <summary>Lets the host start the machine by itself again, as before.</summary>
    Unfence,

    /// <summary>Asks the guest to shut down.</summary>
    ShutDownGuest,

    /// <summary>Drops the memory image of a saved machine.</summary>
    DiscardSavedState,

    /// <summary>Tells a stopped machine to receive the other site's changes (state request 2).</summary>
    BecomeReplica,

    /// <summary>Commits a failover: its recovery points go, and it can no longer be reverted.</summary>
    CommitFailover,

    /// <summary>Reverses the relationship: this site becomes the primary.</summary>
    ReverseReplication,

    /// <summary>Starts the first copy to the other site.</summary>
    StartReplication,

    /// <summary>Resumes replication that is paused or critical.</summary>
    ResumeReplication,

    /// <summary>Compares both sites' disks and sends what differs.</summary>
    Resynchronize,

    /// <summary>Connects the machine's adapters as the plan wants them.</summary>
    ConnectNetwork,

    /// <summary>Sends the last changes and locks the machine off (state request 4).</summary>
    PreparePlannedFailover,

    /// <summary>Makes the replica startable.</summary>
    FailOver,

    /// <summary>Starts the machine.</summary>
    StartMachine,

    /// <summary>Checks that the machine has come up as it should.</summary>
    VerifyGuest,

    /// <summary>Sets the replication settings that a reversal does not keep.</summary>
    RestoreSettings,

    /// <summary>Unlocks a machine that was prepared for a planned failover.</summary>
    CancelPlannedFailover,

    /// <summary>Undoes a failover: the replica receives again, and what was written since is lost.</summary>
    RevertFailover,

    /// <summary>Removes a test failover's machine, by its recorded GUID.</summary>
    EndTestFailover,

    /// <summary>Makes a new relationship to the other site.</summary>
    CreateRelationship,

    /// <summary>Proves by a test failover that the machine would come up at home, while production runs on.</summary>
    Rehearse,
}

/// <summary>A permission that a person gives once, for what was shown.</summary>
public enum Gate
{
    /// <summary>The machine at home becomes a replica: its unsent writes, its memory image and the recovery points go.</summary>
    Attach,

    /// <summary>The first copy starts; until it has ended the disks at home are neither old nor new.</summary>
    Copy,

    /// <summary>The service goes down for the switch.</summary>
    Outage,

    /// <summary>The machine stays at home; the cheap way back ends.</summary>
    Accept,

    /// <summary>What was written at home since the switch is lost.</summary>
    Discard,
}

/// <summary>What a person decides about a pair that no rule may decide.</summary>
public enum Verb
{
    /// <summary>Read both sites and decide again.</summary>
    Recheck,

    /// <summary>End the item; people go on by hand.</summary>
    HandOver,

    /// <summary>Return production to the recovery site.</summary>
    GoBack,

    /// <summary>Go on towards home.</summary>
    GoHome,

    /// <summary>Give a new approval for the outage.</summary>
    ApproveOutage,

    /// <summary>State that the silent site's machine is powered off or cut from the network.</summary>
    StateOff,

    /// <summary>Start the machine at the recovery site.</summary>
    StartRecovery,

    /// <summary>Start the machine at home.</summary>
    StartHome,

    /// <summary>Shut the machine at the recovery site down.</summary>
    StopRecovery,

    /// <summary>Shut the machine at home down.</summary>
    StopHome,

    /// <summary>Unlock the machine at the recovery site, which was prepared for a planned failover.</summary>
    CancelPrepared,

    /// <summary>Undo the failover at home.</summary>
    RevertHome,

    /// <summary>Declare the recovery site's disks to be the right ones.</summary>
    KeepRecovery,

    /// <summary>Declare the disks at home to be the right ones.</summary>
    KeepHome,

    /// <summary>Make the machine at the recovery site a replica of the one at home.</summary>
    AttachRecovery,

    /// <summary>Rehearse once more.</summary>
    RehearseAgain,

    /// <summary>Go on to the outage although the rehearsal failed.</summary>
    GoOnUnrehearsed,

    /// <summary>Check once more whether the machine has come up at home.</summary>
    VerifyAgain,

    /// <summary>Let the machine stay at home although its check has not passed.</summary>
    GoOnUnverified,

    /// <summary>Have the step that has not ended terminated, or given up.</summary>
    CancelStep,
}

/// <summary>Whose writes a choice gives up.</summary>
public enum Loss
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>What was written at the recovery site and is not known to be at home.</summary>
    RecoveryWrites,

    /// <summary>What was written at home and is not known to be at the recovery site.</summary>
    HomeWrites,
}

/// <summary>A verb that is legal now, and what it costs.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Loses">Whose writes it gives up.</param>
public sealed record Choice(Verb Verb, Loss Loses = Loss.None);

/// <summary>Why nothing is done yet.</summary>
public enum WaitReason
{
    /// <summary>A person must approve.</summary>
    Approval,

    /// <summary>A site does not answer.</summary>
    SiteSilent,

    /// <summary>The management service has just started, or the read came without rights.</summary>
    ReadNotBelieved,

    /// <summary>The machine was found several times, or a node was silent.</summary>
    AmbiguousMachine,

    /// <summary>A job of this product is running.</summary>
    OwnJob,

    /// <summary>A job of somebody else is running.</summary>
    ForeignJob,

    /// <summary>The machine is on its way from one power state to another.</summary>
    PowerChanging,

    /// <summary>The host shows a replication state that says nothing.</summary>
    UnknownState,

    /// <summary>A failover is running.</summary>
    FailoverRunning,

    /// <summary>A change of the disk set is running.</summary>
    DiskSetUpdate,

    /// <summary>The copy is running.</summary>
    Copying,

    /// <summary>The other site has not shown its part yet.</summary>
    PeerLags,

    /// <summary>The last changes may still be on their way.</summary>
    FinalChanges,

    /// <summary>A step has failed and is tried again later.</summary>
    TryAgain,

    /// <summary>In step, but behind the limits for a switch.</summary>
    NotFit,

    /// <summary>A shutdown that was asked for and given up may still happen.</summary>
    ShutdownArmed,
}

/// <summary>What a person is asked about.</summary>
public enum Question
{
    /// <summary>A site has not answered for too long; production runs.</summary>
    PeerUnreachable,

    /// <summary>A site has not answered for too long, and nothing is known to run.</summary>
    OutagePeerSilent,

    /// <summary>The machine was found several times.</summary>
    AmbiguousMachine,

    /// <summary>A read could not be believed for too long.</summary>
    ReadNotBelieved,

    /// <summary>A job of this product has not ended by its deadline.</summary>
    StepStalled,

    /// <summary>Somebody else's job has not ended for too long.</summary>
    ForeignJob,

    /// <summary>The power state has not settled for too long.</summary>
    StuckPower,

    /// <summary>Both copies run.</summary>
    SplitBrain,

    /// <summary>A replication state that is not published, or that says nothing.</summary>
    UnknownState,

    /// <summary>A failover stands half done.</summary>
    HalfFailover,

    /// <summary>A replication state of another procedure.</summary>
    UnsupportedState,

    /// <summary>A test failover's machine that is not ours stands in the way.</summary>
    TestMachine,

    /// <summary>A step failed every time.</summary>
    StepFails,

    /// <summary>The machine is at neither site.</summary>
    Gone,

    /// <summary>The machine is not at the recovery site.</summary>
    GoneAtRecovery,

    /// <summary>Nothing proves which site has the newer disks.</summary>
    WhichSide,

    /// <summary>Production last ran at home, and this step would make the recovery site the source.</summary>
    ProductionWasAtHome,

    /// <summary>The machine at the recovery site is saved or paused.</summary>
    RecoverySaved,

    /// <summary>Production is not where this procedure could begin.</summary>
    NoProduction,

    /// <summary>The relationship names another host than home.</summary>
    OtherTarget,

    /// <summary>The relationship names home, which has no such machine.</summary>
    TargetLacksMachine,

    /// <summary>The disks at home differ in number or size.</summary>
    DisksDiffer,

    /// <summary>Both sites are failed over.</summary>
    BothFailedOver,

    /// <summary>The machine at home receives from somebody else.</summary>
    OtherSource,

    /// <summary>Neither site is the primary.</summary>
    NoPrimary,

    /// <summary>Both sites are the primary.</summary>
    TwoPrimaries,

    /// <summary>The copy does not move.</summary>
    CopyStalled,

    /// <summary>Somebody has paused replication.</summary>
    PausedBySomebody,

    /// <summary>Replication is critical, and neither resuming nor a resynchronization helped.</summary>
    Critical,

    /// <summary>In step, but never within the limits for a switch.</summary>
    NotFit,

    /// <summary>The machine was shut down for the switch and runs again.</summary>
    StartedAgain,

    /// <summary>The guest has not shut down.</summary>
    GuestStaysUp,

    /// <summary>Production at the recovery site is off, and not because this procedure stopped it.</summary>
    OffUnexpectedly,

    /// <summary>The last changes are not proved to be at home.</summary>
    DeltaNotProven,

    /// <summary>The recovery site is prepared and home is busy.</summary>
    PreparedButPeerBusy,

    /// <summary>Home was failed over to a point that is not the planned one.</summary>
    NotAPlannedPoint,

    /// <summary>A host crashed in the middle of the switch.</summary>
    CrashedInSwitch,

    /// <summary>Both copies could be started, and nothing runs.</summary>
    TwoStartable,

    /// <summary>Home was failed over while the recovery site runs.</summary>
    FailedOverWhileAlive,

    /// <summary>The machine at home may have run since it was failed over, and does not run now.</summary>
    StoppedAtHome,

    /// <summary>The machine runs at home and has not come up as it should.</summary>
    Unhealthy,

    /// <summary>Production runs at home without a planned failover.</summary>
    UnplannedHome,

    /// <summary>The reversal fails every time.</summary>
    NoReverse,

    /// <summary>A reversal stands half done.</summary>
    HalfReversed,

    /// <summary>Nothing runs, and nothing says what should.</summary>
    NobodyRuns,

    /// <summary>Somebody has prepared the machine at home for a failover to the recovery site.</summary>
    PlannedToRecovery,

    /// <summary>Home cannot protect itself at the recovery site again.</summary>
    Reprotect,

    /// <summary>A return was asked for, and the failover is committed.</summary>
    NoWayBack,

    /// <summary>A stop was asked for, and production runs at home without having been accepted.</summary>
    NotSettled,

    /// <summary>A pair of states that Hyper-V does not produce.</summary>
    Impossible,

    /// <summary>A pair of states that no rule covers.</summary>
    UnexpectedPair,

    /// <summary>The machine has not come up in its rehearsal at home; production runs on.</summary>
    RehearsalFailed,
}

/// <summary>How an item ends.</summary>
public enum Outcome
{
    /// <summary>Production runs at home and is protected.</summary>
    Home,

    /// <summary>Production runs at home and is not protected.</summary>
    HomeUnprotected,

    /// <summary>Production runs at the recovery site again.</summary>
    RolledBack,

    /// <summary>Production runs at the recovery site and home receives its changes.</summary>
    Protected,

    /// <summary>Stopped as asked, with production running.</summary>
    Stopped,

    /// <summary>Handed over to people.</summary>
    HandedOver,
}

/// <summary>Why a machine is not taken at all.</summary>
public enum Refusal
{
    /// <summary>It is a test failover's machine.</summary>
    IsTestMachine,

    /// <summary>It replicates on to a third site, which must be removed first.</summary>
    Extended,

    /// <summary>Its disks, group or provider are not supported.</summary>
    Unsupported,
}

/// <summary>What to do next with a pair.</summary>
public abstract record Decision;

/// <summary>Run one operation, then read both sites again.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Side">Where it runs.</param>
public sealed record Step(StepKind Kind, Side Side) : Decision
{
    /// <summary>The approval that the operation's intent uses up; null when it needs none.</summary>
    public Approval? Uses { get; init; }

    /// <summary>Whether the operation begins the outage or moves production, so that its ticket must carry the other site's facts.</summary>
    public bool NeedsTicket => Kind is StepKind.StartMachine or StepKind.FailOver or StepKind.BecomeReplica or StepKind.ReverseReplication
        or StepKind.RevertFailover or StepKind.Resynchronize or StepKind.CancelPlannedFailover;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Side}";
}

/// <summary>Look again later.</summary>
/// <param name="Why">What is waited for.</param>
/// <param name="Until">When something else is decided, at the latest; null when waiting has no end of its own.</param>
public sealed record Wait(WaitReason Why, DateTimeOffset? Until = null) : Decision
{
    /// <summary>What must be approved; null unless <see cref="Why"/> is <see cref="WaitReason.Approval"/>.</summary>
    public Approval? Needs { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Needs is null ? $"Wait {Why}" : $"Wait {Why} {Needs.Gate}";
}

/// <summary>The item has ended.</summary>
/// <param name="Outcome">How.</param>
public sealed record Done(Outcome Outcome) : Decision
{
    /// <inheritdoc/>
    public override string ToString() => $"Done {Outcome}";
}

/// <summary>A person must decide.</summary>
/// <param name="Code">What about.</param>
/// <param name="Choices">The legal verbs, at least <see cref="Verb.Recheck"/> and <see cref="Verb.HandOver"/>.</param>
public sealed record Ask(Question Code, IReadOnlyList<Choice> Choices) : Decision
{
    /// <summary>Why no verb would start the machine although nothing is known to run; null when something runs or a verb would.</summary>
    public string? NoStart { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"Ask {Code}";
}

/// <summary>The machine is not taken.</summary>
/// <param name="Code">Why.</param>
public sealed record Refuse(Refusal Code) : Decision
{
    /// <inheritdoc/>
    public override string ToString() => $"Refuse {Code}";
}
