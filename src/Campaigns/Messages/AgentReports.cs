using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Messages;

/// <summary>What an agent, or the way to it, reports about one attempt at an item.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public abstract record ItemReport(string Item, int Attempt) : CampaignInput;

/// <summary>The agent has taken the campaign's claim, right before the attempt's call is sent for the first time.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Journal">Where the agent's journal stands.</param>
public sealed record AttemptClaimed(string Item, int Attempt, AgentJournal Journal) : ItemReport(Item, Attempt);

/// <summary>The agent refuses this coordinator. It says nothing of the attempt: the same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Epoch">The epoch that was refused.</param>
/// <param name="Explanation">What the agent said.</param>
public sealed record AttemptFenced(string Item, int Attempt, long Epoch, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent has journaled the operation; it waits for a place on the host.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record AttemptQueued(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>The host has accepted the call and is at work.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record AttemptRunning(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>The host has made progress. Not a fact of the campaign: it only restarts the wait for progress.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Percent">How far it says it is, 0 to 100; null when it does not say. A lower one than before becomes an event.</param>
public sealed record AttemptProgressed(string Item, int Attempt, int? Percent = null) : ItemReport(Item, Attempt);

/// <summary>The machine has been failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="WithWarnings">Whether the host reported warnings.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptSucceeded(string Item, int Attempt, bool WithWarnings, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The attempt was refused, or it failed.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Class">How it may be tried again.</param>
/// <param name="FailureReason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptFailed(
    string Item,
    int Attempt,
    RetryClass Class,
    string FailureReason,
    string Explanation) : ItemReport(Item, Attempt);

/// <summary>How a failure may be tried again.</summary>
public enum RetryClass
{
    /// <summary>Never by itself: something must be changed first.</summary>
    Never,

    /// <summary>After a pause: 32774, 32777, 32778, a full or draining agent.</summary>
    BackOff,

    /// <summary>After the machine's state has been read again: 32771, 32772.</summary>
    RereadState,

    /// <summary>Never, but a look at the machine's state may show that it is already done: 32775.</summary>
    InvalidState,

    /// <summary>Only where the document allows it: 32768, or a job that failed.</summary>
    FailedJob,

    /// <summary>Never by itself: the agent's journal lacks operations, this one perhaps among them. A look at the machine may show that it is done.</summary>
    JournalLost,

    /// <summary>After a pause: the agent's readiness checks did not pass.</summary>
    NotReady,
}

/// <summary>The host says that the operation was cancelled.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptCancelled(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent cannot say how the operation ended: the job is gone and the machine's state decides nothing.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptOutcomeUnknown(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The call to the agent could not be made, or its answer was lost: the agent may or may not have the operation.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="MayHaveBeenDelivered">False only when it is certain that the agent has not received the call, for example because no connection came about.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record AttemptUndelivered(
    string Item,
    int Attempt,
    bool MayHaveBeenDelivered,
    string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent has no such operation, and no call that would make it is under way: nothing was started.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
public sealed record OperationNotFound(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>What the look at the machine's replication state gave; the answer to <see cref="RecheckState"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about a former one are ignored.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Explanation">One sentence for a person, with the state's name.</param>
public sealed record StateRechecked(string Item, int Attempt, StateVerdict Verdict, string Explanation) : ItemReport(Item, Attempt);

/// <summary>What a machine's replication state says about a failback.</summary>
public enum StateVerdict
{
    /// <summary>It has been failed back (14, FailbackComplete).</summary>
    FailedBack,

    /// <summary>A failback is in progress (13).</summary>
    InProgress,

    /// <summary>It stands where it did before: a failback can be started.</summary>
    NotStarted,

    /// <summary>Nothing can be concluded from it.</summary>
    Undecided,
}

/// <summary>What the agent found about an item's readiness; the answer to <see cref="CheckReadiness"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">As the effect had it; an answer for a document that has been replaced since is ignored.</param>
/// <param name="Ready">Whether no check blocks, and none asks that the document does not ignore.</param>
/// <param name="Reasons">Those that do, one sentence each, beginning with the check's id; empty when ready.</param>
/// <param name="ReplicationState">The machine's replication state by its name.</param>
public sealed record ReadinessChecked(
    string Item,
    long Revision,
    bool Ready,
    IReadOnlyList<string> Reasons,
    string ReplicationState) : CampaignInput;

/// <summary>A host is within reach again.</summary>
/// <param name="Host">The host's name.</param>
public sealed record HostReachable(string Host) : CampaignInput;

/// <summary>A host has gone out of reach.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record HostUnreachable(string Host, string Explanation) : CampaignInput;

/// <summary>A machine's replication state is another one than it may have been before. What was checked in another state counts no longer.</summary>
/// <param name="Item">The item's id, which is the machine's GUID in lower case; machines that are no items are ignored.</param>
/// <param name="ReplicationState">The state by its name, spelt as in <see cref="ReadinessChecked"/>.</param>
public sealed record ReplicationStateChanged(string Item, string ReplicationState) : CampaignInput;
