using HostAgent.Campaigns.Spec;

namespace HostAgent.Campaigns.Messages;

/// <summary>The run of a time was created and started.</summary>
/// <param name="Due">The time.</param>
/// <param name="Run">Its id.</param>
public sealed record RunBegun(DateTimeOffset Due, string Run) : CampaignInput;

/// <summary>The run of a time cannot begin.</summary>
/// <param name="Due">The time.</param>
/// <param name="Reason">Why.</param>
public sealed record RunLeftOut(DateTimeOffset Due, string Reason) : CampaignInput;

/// <summary>A program of a wave has ended.</summary>
/// <param name="Wave">The wave's index, from 0.</param>
/// <param name="Moment">Which one.</param>
/// <param name="Run">Which run.</param>
/// <param name="Succeeded">Whether it ended well.</param>
/// <param name="Explanation">What it said.</param>
public sealed record WaveProgramReported(int Wave, WaveMoment Moment, int Run, bool Succeeded, string Explanation) : CampaignInput;

/// <summary>A report about one attempt at an item, from the agent or from the connection to it.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
public abstract record ItemReport(string Item, int Attempt) : CampaignInput;

/// <summary>The agent has accepted the campaign's claim. Sent right before the attempt's call is sent for the first time.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Journal">The position of the agent's journal.</param>
public sealed record AttemptClaimed(string Item, int Attempt, AgentJournal Journal) : ItemReport(Item, Attempt);

/// <summary>The agent rejects this coordinator. This says nothing about the attempt: the same operation is sent again.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Epoch">The rejected epoch.</param>
/// <param name="IsBehind">Whether a higher epoch may be obeyed: the agent has seen one that the store does not know, as it is where the store was restored from a backup.</param>
/// <param name="Explanation">The agent's explanation.</param>
public sealed record AttemptFenced(string Item, int Attempt, long Epoch, bool IsBehind, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent has journaled the operation; it waits for a slot on the host.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
public sealed record AttemptQueued(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>The host has accepted the call and is running it.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
public sealed record AttemptRunning(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>The host has made progress. Not stored: it only restarts the no-progress timeout.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Percent">The reported percentage, 0 to 100; null when none was reported. A lower one than before becomes an event.</param>
public sealed record AttemptProgressed(string Item, int Attempt, int? Percent = null) : ItemReport(Item, Attempt);

/// <summary>The machine has been failed back.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="WithWarnings">Whether the host reported warnings.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptSucceeded(string Item, int Attempt, bool WithWarnings, string Explanation) : ItemReport(Item, Attempt);

/// <summary>A person must decide about the machine before it goes on.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Code">The UPPER_SNAKE_CASE name of what is asked.</param>
/// <param name="Explanation">What is asked, for a person.</param>
/// <param name="ServiceIsDown">Whether the machine's service is down meanwhile.</param>
public sealed record AttemptAsks(string Item, int Attempt, string Code, string Explanation, bool ServiceIsDown) : ItemReport(Item, Attempt);

/// <summary>The attempt was refused or failed.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Class">How it may be retried.</param>
/// <param name="FailureReason">The UPPER_SNAKE_CASE reason.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptFailed(
    string Item,
    int Attempt,
    RetryClass Class,
    string FailureReason,
    string Explanation) : ItemReport(Item, Attempt);

/// <summary>How a failure may be retried. The contract has the same names; which codes mean what is the agent's knowledge.</summary>
public enum RetryClass
{
    /// <summary>Not automatically: a person must change something first.</summary>
    Never,

    /// <summary>After a pause.</summary>
    BackOff,

    /// <summary>After reading the machine's state again: the call may have taken effect.</summary>
    RereadState,

    /// <summary>Not retried, but the machine's state may show that it is already done.</summary>
    InvalidState,

    /// <summary>Only when the document allows it.</summary>
    FailedJob,

    /// <summary>Not automatically: the agent's journal lacks operations, possibly this one. The machine's state may show that it is done.</summary>
    JournalLost,

    /// <summary>After a pause: the agent's readiness checks failed.</summary>
    NotReady,
}

/// <summary>The host reports that the operation was cancelled.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptCancelled(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent cannot determine how the operation ended: the job is gone and the machine's state is inconclusive.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record AttemptOutcomeUnknown(string Item, int Attempt, string Explanation) : ItemReport(Item, Attempt);

/// <summary>The call to the agent failed or its response was lost: the agent may or may not have the operation.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="MayHaveBeenDelivered">False only when it is certain that the agent has not received the call, for example because the connection failed.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record AttemptUndelivered(
    string Item,
    int Attempt,
    bool MayHaveBeenDelivered,
    string Explanation) : ItemReport(Item, Attempt);

/// <summary>The agent has no such operation, and no call that would create it is in progress: nothing was started.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
public sealed record OperationNotFound(string Item, int Attempt) : ItemReport(Item, Attempt);

/// <summary>The result of reading the machine's replication state; the answer to <see cref="RecheckState"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Attempt">The attempt that the report is about; reports about earlier attempts are ignored.</param>
/// <param name="Verdict">What the state means.</param>
/// <param name="Explanation">One sentence for a person, with the state's name.</param>
public sealed record StateRechecked(string Item, int Attempt, StateVerdict Verdict, string Explanation) : ItemReport(Item, Attempt);

/// <summary>What a machine's replication state means for a failback.</summary>
public enum StateVerdict
{
    /// <summary>It has been failed back (14, FailbackComplete).</summary>
    FailedBack,

    /// <summary>A failback is in progress (13).</summary>
    InProgress,

    /// <summary>Unchanged: a failback can be started.</summary>
    NotStarted,

    /// <summary>Inconclusive.</summary>
    Undecided,
}

/// <summary>The agent's readiness result for an item; the answer to <see cref="CheckReadiness"/>.</summary>
/// <param name="Item">The item's id.</param>
/// <param name="Revision">As in the effect; an answer for a document that has since been replaced is ignored.</param>
/// <param name="Ready">Whether no blocking check failed, and no overridable one that the document does not ignore.</param>
/// <param name="Reasons">The failed checks, one sentence each, beginning with the check's id; empty when ready.</param>
/// <param name="ReplicationState">The name of the machine's replication state.</param>
public sealed record ReadinessChecked(
    string Item,
    long Revision,
    bool Ready,
    IReadOnlyList<string> Reasons,
    string ReplicationState) : CampaignInput;

/// <summary>A host is reachable again.</summary>
/// <param name="Host">The host's name.</param>
public sealed record HostReachable(string Host) : CampaignInput;

/// <summary>A host has become unreachable.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Explanation">What was seen.</param>
public sealed record HostUnreachable(string Host, string Explanation) : CampaignInput;

/// <summary>A machine's replication state may have changed. A check made in another state is no longer valid.</summary>
/// <param name="Item">The item's id, which is the machine's GUID in lower case; machines that are not items are ignored.</param>
/// <param name="ReplicationState">The name of the state, spelt as in <see cref="ReadinessChecked"/>.</param>
public sealed record ReplicationStateChanged(string Item, string ReplicationState) : CampaignInput;

/// <summary>
/// The position of an agent's journal. A replaced journal has another id; one restored from a copy has fewer commits or another token.
/// Either may lack an operation that was sent before.
/// </summary>
/// <param name="Id">The journal's id.</param>
/// <param name="Commits">How many durable commits it had.</param>
/// <param name="Token">A token that the journal has had since then, and that no older copy of it has.</param>
public sealed record AgentJournal(Guid Id, long Commits, Guid Token = default);
