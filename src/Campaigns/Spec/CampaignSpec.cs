namespace HostAgent.Campaigns.Spec;

/// <summary>A campaign as its author wrote it, valid and complete: every default is filled in.</summary>
public sealed record CampaignSpec
{
    /// <summary>The campaign's name: 1 to 63 of a-z, 0-9 and '-', starting with a letter, ending with a letter or digit.</summary>
    public required string Name { get; init; }

    /// <summary>Free labels, for example the ticket.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The selected virtual machines: the union of these selectors.</summary>
    public required IReadOnlyList<TargetSelector> Targets { get; init; }

    /// <summary>How the machines are failed back.</summary>
    public Strategy Strategy { get; init; }

    /// <summary>How machines go home with <see cref="Strategy.HostToHost"/> and <see cref="Strategy.Auto"/>, and both ways with <see cref="Strategy.PlannedDrill"/>; null with every other strategy.</summary>
    public HostToHostSpec? HostToHost { get; init; }

    /// <summary>How replicas are tested with <see cref="Strategy.TestFailover"/>; null with every other strategy.</summary>
    public TestFailoverSpec? TestFailover { get; init; }

    /// <summary>What <see cref="Strategy.PlannedDrill"/> adds to <see cref="HostToHost"/>; null with every other strategy.</summary>
    public PlannedDrillSpec? PlannedDrill { get; init; }

    /// <summary>The recovery point that the machines are reverted to.</summary>
    public RecoveryPointChoice RecoveryPoint { get; init; } = RecoveryPointChoice.Latest;

    /// <summary>Replication settings that override the machines' own.</summary>
    public ReplicationSettingsOverrides ReplicationSettings { get; init; } = new();

    /// <summary>The waves in order; at least one.</summary>
    public required IReadOnlyList<WaveSpec> Waves { get; init; }

    /// <summary>Which machines must succeed before others start.</summary>
    public IReadOnlyList<DependencySpec> Dependencies { get; init; } = [];

    /// <summary>How many items may be in flight at once.</summary>
    public LimitsSpec Limits { get; init; } = new();

    /// <summary>How many failures are tolerated.</summary>
    public ToleranceSpec Tolerance { get; init; } = new();

    /// <summary>How failed attempts are retried.</summary>
    public RetrySpec Retry { get; init; } = new();

    /// <summary>The timeouts.</summary>
    public TimeoutsSpec Timeouts { get; init; } = new();

    /// <summary>When items may start; null for always.</summary>
    public WindowSpec? Window { get; init; }

    /// <summary>When each phase may begin, within <see cref="Window"/>. Null for always, and with every strategy but <see cref="Strategy.HostToHost"/>.</summary>
    public PhaseWindowsSpec? Windows { get; init; }

    /// <summary>Sets of machines whose services go down together: none before all of its set are in step. Null for none, and with every strategy but <see cref="Strategy.HostToHost"/>.</summary>
    public IReadOnlyList<DependencyEnd>? Together { get; init; }

    /// <summary>When it is run again and again; null for a campaign that is started once, and with every strategy that does not drill.</summary>
    public ScheduleSpec? Schedule { get; init; }

    /// <summary>Which channels of the coordinator must be proven before it starts; null for none. The coordinator judges it, since it is no fact of the campaign.</summary>
    public NotificationsSpec? Notifications { get; init; }

    /// <summary>Who approves the outages of a wave; null when it has none.</summary>
    /// <param name="wave">The wave.</param>
    /// <returns>Its own, or what the strategy says.</returns>
    public OutageSpec? OutageOf(WaveSpec wave) => HostToHost is { Goal: PairGoal.Home } strategy ? wave.Outage ?? strategy.Outage : null;

    /// <summary>The readiness required of a machine before it starts.</summary>
    public ReadinessSpec Readiness { get; init; } = new();
}

/// <summary>How machines are failed back: which steps on which hosts.</summary>
public enum Strategy
{
    /// <summary>One step: the replica's host initiates the failback. For relationships of an external replication provider.</summary>
    InitiateFailback,

    /// <summary>
    /// Two steps over two hosts: the old primary becomes a replica and is brought in step while production runs on, then the service is switched over to it by a
    /// planned failover. For Hyper-V's own replication.
    /// </summary>
    HostToHost,

    /// <summary>
    /// One step: a test failover of the replica on its host, started, checked and removed. Production and replication go on; nothing is failed back.
    /// </summary>
    TestFailover,

    /// <summary>
    /// Four steps over two hosts: from its primary site, where it is protected, the service is switched over to the recovery site by a planned failover, runs there for a
    /// while, and comes home as with <see cref="HostToHost"/>.
    /// </summary>
    PlannedDrill,

    /// <summary>Each machine by its replication provider: those of an external one as with <see cref="InitiateFailback"/>, those of Hyper-V's own as with <see cref="HostToHost"/>.</summary>
    Auto,
}
