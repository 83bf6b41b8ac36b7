using System.Text.Json.Serialization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns.States;

/// <summary>
/// The current state of one virtual machine of a campaign. Changes when events are applied; not thread-safe. Properties marked
/// <see cref="JsonIncludeAttribute"/> are stored in snapshots; the others follow from the plan or from other items.
/// </summary>
public sealed class CampaignItem
{
    private List<int>? _awaitedBy;
    private CampaignHost _firstHost = null!;
    private CampaignHost[] _laterHosts = [];

    [JsonConstructor]
    internal CampaignItem()
    {
    }

    /// <summary>Its index in the plan, from 0.</summary>
    [JsonInclude]
    public int Index { get; internal set; }

    /// <summary>The item as planned.</summary>
    public PlannedItem Planned { get; private set; } = null!;

    /// <summary>Its id within the campaign.</summary>
    public string Id => Planned.Id;

    /// <summary>The index of its current step, from 0.</summary>
    [JsonInclude]
    public byte Step { get; internal set; }

    /// <summary>The operation of the current step.</summary>
    public StepKind StepKind => Planned.StepAt(Step).Kind;

    internal bool IsAtLastStep => Step + 1 == Planned.StepCount;

    /// <summary>Of a machine that goes over two hosts: its way, each with two steps; 1 on the way back of a drill.</summary>
    internal int Way => Step / 2;

    /// <summary>How many ways it has.</summary>
    internal int Ways => Math.Max(1, Planned.StepCount / 2);

    /// <summary>Whether it runs at the recovery site of its drill, and must come home.</summary>
    internal bool IsOnWayBack => IsPair && Way > 0;

    /// <summary>Whether it is left running at the recovery site before its way back begins.</summary>
    internal bool Soaks => IsOnWayBack && StepKind == StepKind.Synchronize && StepAttempt == 0 && NextTime is not null;

    /// <summary>The host of the current step: the item is queued there, and counts against its limits and its breaker.</summary>
    public CampaignHost Host => Step == 0 ? _firstHost : _laterHosts[Step - 1];

    /// <summary>The other host that takes part in the current step, and whose limits count it too; null for none.</summary>
    public CampaignHost? Peer => !IsPair || _laterHosts.Length == 0 ? null : Host == _laterHosts[0] ? _firstHost : _laterHosts[0];

    /// <summary>Its wave.</summary>
    public CampaignWave Wave { get; private set; } = null!;

    /// <summary>Its state.</summary>
    [JsonInclude]
    public ItemStatus Status { get; internal set; }

    /// <summary>One sentence about the state for a person; empty when the state is enough.</summary>
    [JsonInclude]
    public string Explanation { get; internal set; } = string.Empty;

    /// <summary>The attempt, from 1; 0 before the first.</summary>
    [JsonInclude]
    public int Attempt { get; internal set; }

    /// <summary>The UUID under which the agent knows the attempt; null before the first.</summary>
    [JsonInclude]
    public Guid? OperationId { get; internal set; }

    /// <summary>Whether it counts against the limits.</summary>
    public bool IsInFlight => Phase != AttemptPhase.None;

    /// <summary>Whether a person has requested cancellation of its job.</summary>
    [JsonInclude]
    public bool CancelRequested { get; internal set; }

    /// <summary>The UPPER_SNAKE_CASE reason of the last failure; empty when there was none.</summary>
    [JsonInclude]
    public string FailureReason { get; internal set; } = string.Empty;

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? NextAttemptTime => IsInFlight ? null : NextTime;

    /// <summary>Its readiness result; null when it has not been checked, or when the result is no longer valid.</summary>
    [JsonInclude]
    public ItemReadiness? Readiness { get; internal set; }

    /// <summary>When the attempt was started; null before.</summary>
    [JsonInclude]
    public DateTimeOffset? StartTime { get; internal set; }

    /// <summary>How long it took to be brought in step on its first way, its rehearsal included; null before.</summary>
    [JsonInclude]
    internal TimeSpan? CopyTime { get; set; }

    /// <summary>When it became terminal; null before.</summary>
    [JsonInclude]
    public DateTimeOffset? EndTime { get; internal set; }

    /// <summary>The phase of the attempt; None when no attempt is in flight.</summary>
    [JsonInclude]
    internal AttemptPhase Phase { get; set; }

    /// <summary>The time of the next attempt, delivery or recheck; null when none is scheduled.</summary>
    [JsonInclude]
    internal DateTimeOffset? NextTime { get; set; }

    /// <summary>When the attempt times out.</summary>
    [JsonInclude]
    internal DateTimeOffset? Deadline { get; set; }

    /// <summary>When an unreachable host times out; null while it is reachable.</summary>
    [JsonInclude]
    internal DateTimeOffset? UnreachableDeadline { get; set; }

    /// <summary>Attempts before a person last requested new ones; they do not count against the retry policy.</summary>
    [JsonInclude]
    internal int FormerAttempts { get; set; }

    /// <summary>Attempts at the steps before this one; they do not count against the retry policy either.</summary>
    [JsonInclude]
    internal int EarlierStepsAttempts { get; set; }

    /// <summary>The attempt at its present step, from 1; 0 before the first.</summary>
    public int StepAttempt => Attempt - EarlierStepsAttempts;

    /// <summary>Attempts that count against the retry policy.</summary>
    internal int CountedAttempts => Attempt - Math.Max(FormerAttempts, EarlierStepsAttempts);

    /// <summary>How often the attempt's call failed.</summary>
    [JsonInclude]
    internal int FailedDeliveries { get; set; }

    /// <summary>How often the recheck had no result, or the item was held for another copy of its machine.</summary>
    [JsonInclude]
    internal int RecheckCount { get; set; }

    /// <summary>How many consecutive readiness checks before its start failed.</summary>
    [JsonInclude]
    internal int FailedChecks { get; set; }

    /// <summary>Whether the agent may have received the attempt's call.</summary>
    [JsonInclude]
    internal bool MayHaveBeenDelivered { get; set; }

    /// <summary>Whether the agent has confirmed that it has the attempt's operation.</summary>
    [JsonInclude]
    internal bool WasAccepted { get; set; }

    /// <summary>The position of the agent's journal before the attempt's call was first sent; null while it has not been sent.</summary>
    [JsonInclude]
    internal AgentJournal? Journal { get; set; }

    /// <summary>Whether nothing of the attempt is sent before <see cref="Journal"/> is stored.</summary>
    [JsonInclude]
    internal bool ClaimsFirst { get; set; }

    /// <summary>Whether the agent rejects this coordinator.</summary>
    [JsonInclude]
    internal bool IsFenced { get; set; }

    /// <summary>Whether the lack of progress has been reported.</summary>
    [JsonInclude]
    internal bool IsStalled { get; set; }

    /// <summary>During a recheck: whether any result but an end or progress leaves the outcome unknown.</summary>
    [JsonInclude]
    internal bool IsUnknownUnlessDone { get; set; }

    /// <summary>During a recheck: whether any result but "already done" is a failure.</summary>
    [JsonInclude]
    internal bool FailsUnlessDone { get; set; }

    /// <summary>Whether its outcome is unknown while the agent may still report it.</summary>
    [JsonInclude]
    internal bool IsUnsettled { get; set; }

    /// <summary>Whether a person has requested another recheck.</summary>
    [JsonInclude]
    internal bool RecheckRequested { get; set; }

    /// <summary>Whether a person, not a dependency, skipped it.</summary>
    [JsonInclude]
    internal bool SkippedByPerson { get; set; }

    /// <summary>Whether a person has overridden its dependencies.</summary>
    [JsonInclude]
    internal bool DependenciesLifted { get; set; }

    /// <summary>How many of its dependencies are not met yet.</summary>
    internal int OpenDependencies { get; set; }

    /// <summary>The dependencies that wait for it: indexes in the plan.</summary>
    internal IReadOnlyList<int> AwaitedBy => _awaitedBy ?? (IReadOnlyList<int>)[];

    /// <summary>Whether any event has been about it. Most items of a campaign are waiting and need not be stored.</summary>
    internal bool IsTouched { get; set; }

    /// <summary>The campaign budget in which its failure is counted; 0 for none.</summary>
    [JsonInclude]
    internal int CountedInBudget { get; set; }

    /// <summary>The host budget in which its failure is counted; 0 for none.</summary>
    [JsonInclude]
    internal int CountedInHostBudget { get; set; }

    /// <summary>Whether a person has requested a new attempt that has not started yet. An item skipped before its first attempt still has attempt 0.</summary>
    internal bool AwaitsRetry => Attempt == FormerAttempts && (Attempt > 0 || Status == ItemStatus.Queued) && !Status.IsTerminal();

    /// <summary>The sets that it goes down with; null for none.</summary>
    internal List<TogetherSet>? Sets { get; private set; }

    /// <summary>The ways, a bit each, for which its sets count it as one that can go down.</summary>
    internal int CountedWays { get; set; }

    /// <summary>Whether its sets count it for a way.</summary>
    internal bool IsCountedInSets(int way) => (CountedWays & (1 << way)) != 0;

    /// <summary>
    /// Whether the others of its sets need not wait for it on a way: it is in step, on its way or has gone it, or a person has left it out. Nor do they on the way home of
    /// a drill when it has ended: they must come home without it.
    /// </summary>
    internal bool LetsSetsGo(int way) => SkippedByPerson || Status.IsSuccess() || Way > way || (way > 0 && Status.IsTerminal())
        || (Way == way && StepKind == StepKind.SwitchOver && !Status.IsTerminal() && (IsInFlight || Status != ItemStatus.Held) && !Wave.LeavesOut(way, Index));

    /// <summary>Whether it has ended so that the others of its sets cannot go down with it.</summary>
    internal bool KeepsSetsBack => Status.IsTerminal() && !Status.IsSuccess() && !SkippedByPerson;

    /// <summary>Whether its dependencies are met or overridden.</summary>
    internal bool DependenciesHold => OpenDependencies == 0 || DependenciesLifted;

    /// <summary>Whether it could start if the limits, the breaker and the campaign allowed it.</summary>
    internal bool IsWaiting => !IsInFlight && !Status.IsTerminal() && Status != ItemStatus.Held && NextTime is null && StepKind switch
    {
        // Waves and dependencies order the outages. A copy takes none, so those of later waves need not wait.
        StepKind.Synchronize => true,
        StepKind.SwitchOver => DependenciesHold && (DependenciesLifted || Sets?.TrueForAll(set => set.MissingOn(Way) == 0) != false) && Wave.Status == WaveStatus.Running && !NeedsOutageApproval
            && (Way > 0 || !Wave.HoldsOutages),
        _ => DependenciesHold && Wave.Status == WaveStatus.Running,
    };

    /// <summary>Whether its service must not go down, on its present way, before a person has approved that.</summary>
    internal bool NeedsOutageApproval => Wave.NeedsApprovalOf(Way) || Wave.LeavesOut(Way, Index);

    /// <summary>Who approved its outage on its present way: with its wave, or after that on its own; null when no one has.</summary>
    internal string? OutageApprovedBy => Wave.LeftOutOf(Way)?.TryGetValue(Index, out var approver) == true ? approver : Wave.ApproverOf(Way);

    /// <summary>Whether it goes over two hosts, in several steps.</summary>
    internal bool GoesHostToHost => Planned.StepCount > 1;

    /// <summary>Whether its step is the test of a replica.</summary>
    internal bool IsDrill => StepKind == StepKind.TestFailover;

    /// <summary>Whether its step goes by itself, over two hosts or as a test, and goes on when a host is silent.</summary>
    internal bool IsPair => StepKind != StepKind.InitiateFailback;

    /// <summary>The timeout of an attempt at its current step.</summary>
    internal TimeSpan TimeoutOf(Spec.TimeoutsSpec timeouts) => StepKind switch
    {
        StepKind.Synchronize => timeouts.Sync ?? timeouts.Item,
        StepKind.SwitchOver => timeouts.Switch ?? timeouts.Item,
        _ => timeouts.Item,
    };

    /// <summary>Places it in the plan. Called once, before anything else.</summary>
    /// <param name="index">Its index in the plan.</param>
    /// <param name="planned">The item as planned.</param>
    /// <param name="hosts">The host of each step.</param>
    /// <param name="wave">Its wave.</param>
    internal void Join(int index, PlannedItem planned, ReadOnlySpan<CampaignHost> hosts, CampaignWave wave)
    {
        (Index, Planned, Wave) = (index, planned, wave);
        (_firstHost, _laterHosts) = (hosts[0], hosts.Length == 1 ? [] : hosts[1..].ToArray());
        OpenDependencies = planned.Dependencies.Count;
    }

    internal void AddSet(TogetherSet set) => (Sets ??= []).Add(set);

    internal void AddAwaitedBy(int dependency) => (_awaitedBy ??= []).Add(dependency);
}

/// <summary>Items by state, kept up to date: reading is free.</summary>
public sealed class ItemCounts
{
    private readonly int[] _byStatus = new int[Enum.GetValues<ItemStatus>().Length];

    /// <summary>The number of all items.</summary>
    public int Total { get; private set; }

    /// <summary>The number in terminal states, UNKNOWN_OUTCOME included.</summary>
    public int Terminal { get; private set; }

    /// <summary>The number in one state.</summary>
    /// <param name="status">The state.</param>
    public int this[ItemStatus status] => _byStatus[(int)status];

    internal void Add(ItemStatus status)
    {
        Total++;
        Terminal += status.IsTerminal() ? 1 : 0;
        _byStatus[(int)status]++;
    }

    internal void Move(ItemStatus from, ItemStatus to)
    {
        _byStatus[(int)from]--;
        _byStatus[(int)to]++;
        Terminal += (to.IsTerminal() ? 1 : 0) - (from.IsTerminal() ? 1 : 0);
    }
}

/// <summary>The result of an item's last readiness check. It is used for one attempt.</summary>
/// <param name="Ready">Whether nothing prevents its failback.</param>
/// <param name="Reasons">What prevents it, one sentence each; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state; empty when it is unknown.</param>
/// <param name="CheckTime">When.</param>
public sealed record ItemReadiness(bool Ready, IReadOnlyList<string> Reasons, string ReplicationState, DateTimeOffset CheckTime);

/// <summary>The phases of the attempt in flight.</summary>
internal enum AttemptPhase
{
    None,

    /// <summary>The intent is stored; the agent has not answered yet.</summary>
    Starting,

    Accepted,

    Running,

    /// <summary>The machine's replication state is being read.</summary>
    Rechecking,

    /// <summary>The agent is asked whether the machine is ready; the attempt has not begun.</summary>
    Checking,
}
