namespace HostAgent.Campaigns.Messages;

/// <summary>A fact about one item.</summary>
/// <param name="Item">The item's id.</param>
public abstract record ItemEvent(string Item) : CampaignEvent;

/// <summary>The pause before the next attempt is over.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemDue(string Item) : ItemEvent(Item);

/// <summary>The item is next, and its agent is asked first whether it is ready. Meanwhile it counts against the limits.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="IsProbe">Whether it probes a host whose breaker is half open.</param>
/// <param name="IsSiteProbe">Whether it probes a site whose breaker is half open.</param>
public sealed record ItemChecking(string Item, bool IsProbe, bool IsSiteProbe) : ItemEvent(Item);

/// <summary>The agent has checked whether the item is ready, or could not be reached.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Ready">Whether nothing prevents its failback.</param>
/// <param name="Reasons">What prevents it, one sentence each; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state; empty when it is unknown.</param>
/// <param name="NextCheck">When it is checked again; null when no time is set.</param>
public sealed record ItemReadinessChecked(
    string Item,
    bool Ready,
    IReadOnlyList<string> Reasons,
    string ReplicationState,
    DateTimeOffset? NextCheck) : ItemEvent(Item);

/// <summary>The item's readiness result is no longer valid.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">Why, in one sentence.</param>
public sealed record ItemReadinessExpired(string Item, string Explanation) : ItemEvent(Item);

/// <summary>The item was next, but was not started because another copy of its machine is in flight or failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
/// <param name="NextCheck">When it is checked again.</param>
public sealed record ItemHeld(string Item, string Explanation, DateTimeOffset NextCheck) : ItemEvent(Item);

/// <summary>The position of the agent's journal right before the attempt's call was sent for the first time.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Journal">The position.</param>
public sealed record ItemClaimed(string Item, AgentJournal Journal) : ItemEvent(Item);

/// <summary>The attempt takes longer than the document expects. Its job keeps running and counts against the limits.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Reason">NO_PROGRESS or ITEM_TIMEOUT.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemOverdue(string Item, string Reason, string Explanation) : ItemEvent(Item);

/// <summary>The intent to initiate: durable before the agent is called.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="OperationId">The UUID under which the agent knows the attempt.</param>
/// <param name="IsProbe">Whether it probes a host whose breaker is half open.</param>
public sealed record ItemStarting(string Item, int Attempt, Guid OperationId, bool IsProbe) : ItemEvent(Item)
{
    /// <summary>Whether it probes a site whose breaker is half open.</summary>
    public bool IsSiteProbe { get; init; }

    /// <summary>Whether nothing is sent before the position of the agent's journal is stored; false only in logs of an earlier version.</summary>
    public bool ClaimsFirst { get; init; }
}

/// <summary>The call to the agent failed or its response was lost. The same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextDelivery">When.</param>
/// <param name="MayHaveBeenDelivered">Whether the agent may have received it.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record ItemUndelivered(
    string Item,
    DateTimeOffset NextDelivery,
    bool MayHaveBeenDelivered,
    string Explanation) : ItemEvent(Item)
{
    /// <summary>Whether the agent rejected this coordinator, rather than being unreachable.</summary>
    public bool IsFenced { get; init; }
}

/// <summary>The same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRedelivered(string Item) : ItemEvent(Item);

/// <summary>The agent has journaled the operation; it waits for a slot on the host.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemAccepted(string Item) : ItemEvent(Item);

/// <summary>The host is running the operation.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRunning(string Item) : ItemEvent(Item);

/// <summary>The host reports a lower percentage than before. Rising progress is not an event.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="From">The highest percentage so far.</param>
/// <param name="To">The percentage now.</param>
public sealed record ItemProgressWentBack(string Item, int From, int To) : ItemEvent(Item);

/// <summary>The operation of a step other than the last has succeeded: the item waits for its turn on the next step's host.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Step">The index of the step, from 0.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record ItemStepDone(string Item, int Step, string Explanation) : ItemEvent(Item)
{
    /// <summary>When the next step may begin; null for at once. A drill leaves a machine running at the recovery site for a while.</summary>
    public DateTimeOffset? NextTime { get; init; }
}

/// <summary>A person must decide about the item's machine before it goes on.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Code">The UPPER_SNAKE_CASE name of what is asked.</param>
/// <param name="Explanation">What is asked, for a person.</param>
/// <param name="KeepsSlot">Whether it goes on counting against the limits, because its service is down.</param>
public sealed record ItemAsks(string Item, string Code, string Explanation, bool KeepsSlot) : ItemEvent(Item);

/// <summary>The item's machine can go on: it waits for its turn.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemAnswered(string Item) : ItemEvent(Item);

/// <summary>The machine has been failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="WithWarnings">Whether there were warnings.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemSucceeded(string Item, bool WithWarnings, string Explanation) : ItemEvent(Item);

/// <summary>The item has failed.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemFailed(string Item, string Reason, string Explanation) : ItemEvent(Item);

/// <summary>The operation was cancelled.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemCancelled(string Item, string Explanation) : ItemEvent(Item);

/// <summary>It is unknown how the item ended.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemOutcomeUnknown(string Item, string Reason, string Explanation) : ItemEvent(Item);

/// <summary>The attempt has ended without a result: the machine's replication state is read.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="FailsUnlessDone">Whether any result but "already done" fails the item.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRechecking(string Item, bool FailsUnlessDone, string Reason, string Explanation) : ItemEvent(Item)
{
    /// <summary>Whether any result but "already done" or "in progress" leaves the outcome unknown: the operation may have run.</summary>
    public bool IsUnknownUnlessDone { get; init; }
}

/// <summary>The machine's state is read again.</summary>
/// <param name="Item">The item's id.</param>
public sealed record ItemRecheckRepeated(string Item) : ItemEvent(Item);

/// <summary>The machine's state shows a failback in progress; it is read again later.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextLook">When.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRecheckPostponed(string Item, DateTimeOffset NextLook, string Explanation) : ItemEvent(Item);

/// <summary>The attempt has failed and will be retried.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="NextAttempt">When.</param>
/// <param name="NotReady">Whether readiness checks failed.</param>
/// <param name="Reason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRetryScheduled(
    string Item,
    DateTimeOffset NextAttempt,
    bool NotReady,
    string Reason,
    string Explanation) : ItemEvent(Item);

/// <summary>A person asked for new attempts.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemRetryRequested(string Item, string Actor, string Reason) : ItemEvent(Item)
{
    /// <summary>Whether the item still waits for its dependencies; otherwise they are overridden.</summary>
    public bool KeepsDependencies { get; init; }
}

/// <summary>A person requested cancellation of the item's job and confirmed the danger.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemCancelRequested(string Item, string Actor, string Reason) : ItemEvent(Item);

/// <summary>The item will not be started.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who decided; null when a dependency was the reason.</param>
/// <param name="Dependency">The item that did not succeed; null when a person decided.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemSkipped(string Item, string? Actor, string? Dependency, string Explanation) : ItemEvent(Item);

/// <summary>A person decided how an item of unknown outcome ended.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Succeeded">Whether the machine has been failed back.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
/// <param name="Reason">Why; may be empty.</param>
public sealed record ItemResolved(string Item, bool Succeeded, string Actor, string Reason) : ItemEvent(Item);

/// <summary>A person asked for another recheck of an item of unknown outcome.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Actor">Who, as recorded in the audit.</param>
public sealed record ItemRecheckRequested(string Item, string Actor) : ItemEvent(Item);

/// <summary>The machine's state was inconclusive: the outcome stays unknown.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Explanation">One sentence.</param>
public sealed record ItemRechecked(string Item, string Explanation) : ItemEvent(Item);
