using System.Runtime.InteropServices;
using HostAgent.HyperV.Replication;

namespace HostAgent.Failover;

/// <summary>Where an item is to end. Changed by people only.</summary>
public enum Goal
{
    /// <summary>Production at home, accepted and protected.</summary>
    Home,

    /// <summary>Production at the recovery site again.</summary>
    Back,

    /// <summary>Home receives the recovery site's changes; production stays.</summary>
    ProtectOnly,

    /// <summary>No further than where production runs.</summary>
    Stop,
}

/// <summary>
/// What a permission or an answer was given for. A later pair with other values was not meant, so neither holds for it. A running machine is
/// told by the moment of its start, since its last replication changes all the time; a stopped one by its stop.
/// </summary>
/// <param name="Goal">The goal at that time.</param>
/// <param name="RecoveryStart">When the machine at the recovery site last started.</param>
/// <param name="RecoveryStop">When it last stopped.</param>
/// <param name="HomeStart">When the machine at home last started.</param>
/// <param name="HomeStop">When it last stopped.</param>
/// <param name="Pair">Modes, states and power of both sites where they matter; 0 where not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Evidence(Goal Goal, DateTimeOffset? RecoveryStart, DateTimeOffset? RecoveryStop, DateTimeOffset? HomeStart, DateTimeOffset? HomeStop, int Pair);

/// <summary>A permission, good for one use on the evidence that it was given for.</summary>
/// <param name="Gate">What for.</param>
/// <param name="Evidence">What was shown.</param>
public sealed record Approval(Gate Gate, Evidence Evidence);

/// <summary>A person's answer to a question, good for one use on the evidence that was shown.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Evidence">What was shown.</param>
public sealed record Order(Verb Verb, Evidence Evidence);

/// <summary>A shutdown that this procedure has asked for.</summary>
/// <param name="Run">When the machine that was asked had started.</param>
public sealed record ShutdownRecord(DateTimeOffset? Run)
{
    /// <summary>Given up: whatever stops later was not stopped for the switch.</summary>
    public bool Abandoned { get; init; }

    /// <summary>Until when a guest that was asked may still go down.</summary>
    public DateTimeOffset ArmedUntil { get; init; }
}

/// <summary>What an item remembers between two decisions: intents with their evidence, never conclusions about what is true.</summary>
public sealed record FailoverRecords
{
    /// <summary>Where production last ran, or was put by a reversal, as steps and reads have proved; null when nothing has, or when a later read spoke against it.</summary>
    public Side? ProductionAt { get; init; }

    /// <summary>Whether a read has shown the machine running elsewhere than where production was. Only a person's word or a start of ours ends that.</summary>
    public bool Contested { get; init; }

    /// <summary>Permissions that were given and not used.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>A person's answer that was not carried out yet.</summary>
    public Order? Order { get; init; }

    /// <summary>The shutdown at the recovery site; null when none was asked for.</summary>
    public ShutdownRecord? Shutdown { get; init; }

    /// <summary>Where a copy was begun that was not seen to end: those disks are neither old nor new. Null when there is none.</summary>
    public Side? CopyUnfinishedAt { get; init; }

    /// <summary>The planned failover that was prepared last; null when none was.</summary>
    public PrepareRecord? Prepare { get; init; }

    /// <summary>This procedure's start of the machine at home since it was failed over; null when there was none.</summary>
    public HomeStartRecord? HomeStart { get; init; }

    /// <summary>The verdict on the machine's present run at home; null when it was not checked.</summary>
    public VerificationRecord? Verification { get; init; }

    /// <summary>The verdict of the rehearsal at home; null before there is one.</summary>
    public RehearsalRecord? Rehearsal { get; init; }

    /// <summary>The last step whose failures are counted.</summary>
    public Step? FailedStep { get; init; }

    /// <summary>How many times in a row <see cref="FailedStep"/> failed.</summary>
    public int Failures { get; init; }

    /// <summary>When it failed last.</summary>
    public DateTimeOffset FailedAt { get; init; }

    /// <summary>What is waited for; null when nothing is.</summary>
    public WaitReason? Waiting { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset WaitingSince { get; init; }

    /// <summary>
    /// Takes a read of both sites. Where one machine runs alone and nothing is known, production is there. One that runs against what is known,
    /// a site that does not answer not asked, makes it unknown again.
    /// </summary>
    /// <param name="recovery">The recovery site.</param>
    /// <param name="home">The primary site.</param>
    public FailoverRecords Seen(MachineFacts recovery, MachineFacts home)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        ArgumentNullException.ThrowIfNull(home);
        if (CopyUnfinishedAt is not null && recovery.Reached && home.Reached && recovery.Job is null && home.Job is null && (InStep(recovery, home) || InStep(home, recovery)))
        {
            return (this with { CopyUnfinishedAt = null }).Seen(recovery, home);
        }

        var (atRecovery, atHome) = (recovery is { Reached: true, IsRunning: true }, home is { Reached: true, IsRunning: true });
        if ((ProductionAt == Side.Home && atRecovery) || (ProductionAt == Side.Recovery && atHome))
        {
            return this with { ProductionAt = null, Contested = true };
        }

        var complete = recovery.Reached && home.Reached && recovery.Power != Power.Moving && home.Power != Power.Moving;
        return ProductionAt is not null || Contested || !complete || atRecovery == atHome
            ? this
            : this with { ProductionAt = atRecovery ? Side.Recovery : Side.Home };
    }

    /// <summary>Takes a permission.</summary>
    /// <param name="approval">The permission.</param>
    public FailoverRecords Approved(Approval approval) => this with { Approvals = [.. Approvals.Where(held => held.Gate != approval.Gate), approval] };

    /// <summary>Takes a change of the goal. A shutdown that was asked for on the way home is given up by any other goal.</summary>
    /// <param name="goal">The new goal.</param>
    public FailoverRecords Aims(Goal goal) => this with
    {
        Shutdown = goal == Goal.Home || Shutdown is null ? Shutdown : Shutdown with { Abandoned = true },
        Order = null,
        Failures = 0,
        FailedStep = null,
    };

    /// <summary>Gives the switch up for now and stays in step: whatever stops later was not stopped for the switch.</summary>
    public FailoverRecords Abandons() => this with { Shutdown = Shutdown is null ? null : Shutdown with { Abandoned = true }, Approvals = [.. Approvals.Where(held => held.Gate != Gate.Outage)] };

    /// <summary>
    /// Takes an answer. One that changes a record takes effect here; <see cref="Verb.GoBack"/> and <see cref="Verb.GoHome"/> change the goal,
    /// which the caller keeps (<see cref="Aims"/>); the others become steps.
    /// </summary>
    /// <param name="order">The answer.</param>
    public FailoverRecords Answered(Order order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var afresh = this with { Failures = 0, FailedStep = null, Waiting = null, Order = null };
        return order.Verb switch
        {
            // Whoever takes the answer tells the host; later reads show what came of it.
            Verb.Recheck or Verb.CancelStep => afresh,
            Verb.KeepRecovery => afresh with { ProductionAt = Side.Recovery, Contested = false },
            Verb.KeepHome => afresh with { ProductionAt = Side.Home, Contested = false },
            Verb.ApproveOutage => afresh.Approved(new Approval(Gate.Outage, order.Evidence)),
            Verb.RehearseAgain => afresh with { Rehearsal = null },
            Verb.GoOnUnrehearsed => afresh with { Rehearsal = new RehearsalRecord(Passed: false) { Waived = true } },
            Verb.VerifyAgain => afresh with { Verification = null },
            Verb.GoOnUnverified => afresh with { Verification = Verification! with { Healthy = true, Waived = true } },
            Verb.GoBack => afresh.Aims(Goal.Back),
            Verb.GoHome => afresh.Aims(Goal.Home),
            _ => afresh with { Order = order },
        };
    }

    /// <summary>Takes a step's intent, before its call is made. The permission and the answer are used up, whether the call succeeds or not.</summary>
    /// <param name="step">The step.</param>
    /// <param name="recovery">The recovery site, as the decision saw it.</param>
    /// <param name="home">The primary site, as the decision saw it.</param>
    /// <param name="armedUntil">For a shutdown: until when its guest may still go down.</param>
    public FailoverRecords Intends(Step step, MachineFacts recovery, MachineFacts home, DateTimeOffset armedUntil)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(recovery);
        ArgumentNullException.ThrowIfNull(home);
        var after = this with { Approvals = step.Uses is null ? Approvals : [.. Approvals.Where(held => held != step.Uses)], Order = null };
        return step switch
        {
            { Kind: StepKind.ShutDownGuest, Side: Side.Recovery } => after with { Shutdown = new ShutdownRecord(recovery.LastStart) { ArmedUntil = armedUntil } },
            { Kind: StepKind.PreparePlannedFailover, Side: Side.Recovery } => after with
            {
                Prepare = new PrepareRecord(home.LastReplication, recovery.LastStart) { Attempts = (Prepare?.Attempts ?? 0) + 1 },
                HomeStart = null,
                Verification = null,
            },
            { Kind: StepKind.StartReplication or StepKind.Resynchronize } => after with { CopyUnfinishedAt = step.Side == Side.Recovery ? Side.Home : Side.Recovery },
            { Kind: StepKind.BecomeReplica, Side: Side.Home } => after with
            {
                // Whoever approved the attachment was shown both sides, and has said that production is at the recovery site.
                ProductionAt = Side.Recovery,
                Contested = false,
                HomeStart = null,
                Verification = null,
                Prepare = null,
                Shutdown = null,
            },
            { Kind: StepKind.StartMachine, Side: Side.Home } => after with { HomeStart = new HomeStartRecord(home.LastStart), Verification = null },
            { Kind: StepKind.StartMachine, Side: Side.Recovery } => after with { Shutdown = null, Prepare = null },
            _ => after,
        };
    }

    /// <summary>Takes a step's end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="succeeded">Whether its own proof held.</param>
    /// <param name="now">The time.</param>
    public FailoverRecords Ended(Step step, bool succeeded, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (step.Kind == StepKind.Rehearse)
        {
            // A verdict about the machine, not a step to be tried again.
            return this with { Rehearsal = new RehearsalRecord(succeeded), FailedStep = null, Failures = 0 };
        }

        if (!succeeded)
        {
            var same = FailedStep is { } failed && failed.Kind == step.Kind && failed.Side == step.Side;
            return this with { FailedStep = step, Failures = same ? Failures + 1 : 1, FailedAt = now };
        }

        var after = this with { FailedStep = null, Failures = 0 };
        return step switch
        {
            { Kind: StepKind.StartMachine } => after with { ProductionAt = step.Side, Contested = false },
            // Only a proved point is reversed: what production had is there, and the other side is its replica.
            { Kind: StepKind.ReverseReplication, Side: Side.Home } => after with { ProductionAt = Side.Home, Contested = false },
            // What ran at home since the switch was given up with it.
            { Kind: StepKind.RevertFailover, Side: Side.Home } => after with { ProductionAt = Side.Recovery, Contested = false, HomeStart = null, Verification = null },
            _ => after,
        };
    }

    /// <summary>
    /// Takes that a step was never sent, nor ever will be: its agent does not know it, and its sender was fenced out. Nobody was asked to shut down. The permission
    /// stays used up.
    /// </summary>
    /// <param name="step">The step.</param>
    public FailoverRecords NeverSent(Step step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step is { Kind: StepKind.ShutDownGuest, Side: Side.Recovery } ? this with { Shutdown = null } : this;
    }

    private static bool InStep(MachineFacts source, MachineFacts target)
        => source.Is(ReplicationMode.Primary, ReplicationState.Replicating, ReplicationState.SyncedReplicationComplete) && target.Is(ReplicationMode.Replica, ReplicationState.Replicating);
}

/// <summary>A planned failover that this procedure has prepared.</summary>
/// <param name="HomeLastReplication">What home showed as its last replication before. The final changes are home when it shows another.</param>
/// <param name="RecoveryRun">The run at the recovery site that it ended. When the machine has run there since, the changes at home are not the final ones.</param>
public sealed record PrepareRecord(DateTimeOffset? HomeLastReplication, DateTimeOffset? RecoveryRun)
{
    /// <summary>How many times it was prepared in this outage.</summary>
    public int Attempts { get; init; }
}

/// <summary>A start at home by this procedure.</summary>
/// <param name="RunBefore">When the machine had last started before. It has run since when it shows another moment.</param>
public sealed record HomeStartRecord(DateTimeOffset? RunBefore);

/// <summary>The verdict on one run of the machine at home.</summary>
/// <param name="Run">When that run began.</param>
/// <param name="Healthy">Whether it came up as it should.</param>
public sealed record VerificationRecord(DateTimeOffset? Run, bool Healthy)
{
    /// <summary>Whether it only counts as healthy, because a person goes on without a check that was passed.</summary>
    public bool Waived { get; init; }
}

/// <summary>The verdict of a rehearsal at home.</summary>
/// <param name="Passed">Whether the machine came up.</param>
public sealed record RehearsalRecord(bool Passed)
{
    /// <summary>Whether a person goes on without one that was passed.</summary>
    public bool Waived { get; init; }
}

/// <summary>When the machine counts as having come home.</summary>
public enum AcceptAfter
{
    /// <summary>When it was started, checked and accepted; until then one step per site undoes the switch.</summary>
    Health,

    /// <summary>At once: the direction is reversed before the machine is started.</summary>
    None,
}

/// <summary>How a campaign wants its machines to come home.</summary>
public sealed record FailoverSpec
{
    /// <summary>The defaults.</summary>
    public static FailoverSpec Default { get; } = new();

    /// <summary>When the switch is made final.</summary>
    public AcceptAfter AcceptAfter { get; init; }

    /// <summary>Whether the machine is rehearsed at home before its outage.</summary>
    public bool Rehearse { get; init; }

    /// <summary>Whether the failover is committed by a step of its own before the reversal.</summary>
    public bool CommitExplicitly { get; init; }

    /// <summary>Whether replication that somebody has paused is resumed without asking.</summary>
    public bool ResumePaused { get; init; }

    /// <summary>Whether a machine that is off at the recovery site may be switched without having been stopped by this procedure.</summary>
    public bool OffIsFine { get; init; }

    /// <summary>How often a step is tried before a person is asked; at least 1. The tries are 20 seconds apart, then twice as long each time, at most 5 minutes.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>How long a silent site is waited for. The default is 10 minutes.</summary>
    public TimeSpan SilentFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one step may take while the service is down. The default is 1 hour.</summary>
    public TimeSpan StepWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a copy may take, and how long a machine may be in step without being fit to switch. The default is 7 days.</summary>
    public TimeSpan FitWithin { get; init; } = TimeSpan.FromDays(7);
}
