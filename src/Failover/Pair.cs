using HostAgent.HyperV.Replication;

namespace HostAgent.Failover;

/// <summary>Both sites as one decision sees them, with what the item remembers.</summary>
internal sealed record Pair(MachineFacts Recovery, MachineFacts Home, FailoverSpec Spec, FailoverRecords Records, Goal Goal, DateTimeOffset Now)
{
    public MachineFacts At(Side side) => side == Side.Recovery ? Recovery : Home;

    /// <summary>Whether production is off and known to be: nothing runs at either site.</summary>
    public bool NothingRuns => !Recovery.IsRunning && !Home.IsRunning;

    /// <summary>Whether the recovery site has production: it runs there, or it is off and last ran there.</summary>
    public bool ProductionAtRecovery => Records.ProductionAt != Side.Home && (Recovery.IsRunning || (Recovery.IsOff && Records.ProductionAt == Side.Recovery));

    /// <summary>
    /// Whether the present stop at the recovery site is the one that this procedure asked for: of the run that was asked to end, and not given up.
    /// </summary>
    public bool StoppedByUs => Recovery.IsOff && Records.Shutdown is { Abandoned: false } shutdown && shutdown.Run == Recovery.LastStart && Recovery.StopCause != StopCause.HostDown;

    /// <summary>Whether an earlier step of this item is at work.</summary>
    public bool CanCancelStep => Recovery.Job?.Operation is not null || Home.Job?.Operation is not null;

    /// <summary>Whether the final changes of the planned failover that this procedure prepared are at home.</summary>
    public bool DeltaProven => Records.Prepare is { } prepare && Home.LastType == ReplicationType.Planned && Home.LastReplication != prepare.HomeLastReplication
        && Recovery.LastStart == prepare.RecoveryRun;

    /// <summary>Whether home was failed over to the point of that planned failover.</summary>
    public bool PlannedPoint => DeltaProven && Home.FailedOverType == ReplicationType.Planned;

    /// <summary>Whether the machine has run at home since this procedure started it there.</summary>
    public bool RanAtHome => Records.HomeStart is { } start && Home.LastStart != start.RunBefore;

    /// <summary>What a permission for a gate must have been given for.</summary>
    public Evidence EvidenceFor(Gate gate) => gate switch
    {
        Gate.Attach or Gate.Copy => new Evidence(Goal, RunAt(Recovery), StopAt(Recovery), Home.LastStart, Home.LastStop, 0),
        Gate.Outage => new Evidence(Goal, RunAt(Recovery), StopAt(Recovery), null, null, 0),
        _ => new Evidence(Goal, null, null, Home.LastStart, null, 0),
    };

    /// <summary>What an answer must have been given for: the whole pair.</summary>
    public Evidence EvidenceForOrder => new(Goal, Recovery.LastStart, Recovery.LastStop, Home.LastStart, Home.LastStop, Code(Recovery) | (Code(Home) << 12));

    /// <summary>A gate in front of a step: the step when the permission is there, else the wait for it.</summary>
    public Decision Through(Gate gate, Step step)
    {
        var needed = new Approval(gate, EvidenceFor(gate));
        return Records.Approvals.Contains(needed) ? step with { Uses = needed } : new Wait(WaitReason.Approval) { Needs = needed };
    }

    /// <summary>The same for a step that leaves the permission to a later one.</summary>
    public Decision Under(Gate gate, Step step) => Through(gate, step) is Step allowed ? allowed with { Uses = null } : Through(gate, step);

    /// <summary>Waits for something that ends by itself, and asks when it has not ended in time.</summary>
    public Decision WaitOrAsk(WaitReason reason, TimeSpan limit, Question question) => WaitFor(reason, limit) ?? (Decision)Asks(question);

    /// <summary>Waits for something that ends by itself; null when it has not ended in time.</summary>
    public Wait? WaitFor(WaitReason reason, TimeSpan limit)
    {
        var since = Records.Waiting == reason ? Records.WaitingSince : Now;
        return Now - since >= limit ? null : new Wait(reason, since + limit);
    }

    /// <summary>Whether the machine is to be rehearsed at home, and was not passed, before its outage.</summary>
    public bool AwaitsRehearsal => Spec.Rehearse && Records.Rehearsal is not ({ Passed: true } or { Waived: true });

    public Ask Asks(Question question) => Legality.Ask(this, question);

    private static DateTimeOffset? RunAt(MachineFacts facts) => facts.IsRunning ? facts.LastStart : null;

    private static DateTimeOffset? StopAt(MachineFacts facts) => facts.IsRunning ? null : facts.LastStop;

    private static int Code(MachineFacts facts) => facts.Presence == Presence.Absent ? 1 << 11 : ((int)facts.Mode << 8) | ((int)facts.State << 3) | (int)facts.Power;
}
