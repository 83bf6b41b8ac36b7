using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>An agent with its host: journals operations, answers repeats from the journal, refuses old epochs, and does the work as the moves say.</summary>
internal sealed class WorldAgent
{
    private readonly Guid _id = new("99999999-2222-4333-8444-555555555555");
    private Dictionary<Guid, Operation> _journal = [];
    private long _commits;
    private HashSet<Guid> _tokens = [];
    private (Dictionary<Guid, Operation> Journal, long Commits, HashSet<Guid> Tokens)? _copy;
    private DateTimeOffset _claimed = DateTimeOffset.MinValue;
    private readonly List<Operation> _live = [];
    private readonly HashSet<string> _failedBack = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _epoch;

    public bool IsDown { get; set; }

    public bool HasLive => _live.Count > 0;

    /// <summary>Takes a claim: a commit of its own, whatever it says.</summary>
    public AgentJournal Claim(DateTimeOffset now)
    {
        _claimed = now;
        var token = OperationId.Of(_id, "claim", (int)++_commits);
        _tokens.Add(token);
        return new AgentJournal(_id, _commits, token);
    }

    /// <summary>
    /// Copies the journal, or puts the copy back: what was accepted since then is not known any more, and goes on at the host. No copy is made
    /// within the time that a claim serves; one made there would not be told from the journal.
    /// </summary>
    /// <returns>Whether the agent came back with the copy.</returns>
    public bool CopyOrRestore(DateTimeOffset now)
    {
        if (_copy is { } copy)
        {
            // The start commits something too: the count may be what it was.
            (_journal, _commits, _tokens) = (new(copy.Journal), copy.Commits + 1000, [.. copy.Tokens]);
            _copy = null;
            return true;
        }

        _copy = now - _claimed > TimeSpan.FromSeconds(10) ? (new(_journal), _commits, [.. _tokens]) : null;
        return false;
    }

    /// <summary>Takes a call; what is new is told, with whether another operation of the item is live and whether its machine has been failed back.</summary>
    public ItemReport? Initiate(StartOperation call, Move move, Action<StartOperation, bool, bool> begins)
    {
        if (call.Epoch < _epoch)
        {
            return null;
        }

        _epoch = call.Epoch;
        if (_journal.TryGetValue(call.OperationId, out var known))
        {
            return known.Report();
        }

        if (call is { IsRepetition: true, Journal: { } then } && (then.Id != _id || !_tokens.Contains(then.Token)))
        {
            return JournalLost(call.Item, call.Attempt);
        }

        _commits++;
        begins(call, _live.Exists(operation => operation.Item == call.Item), _failedBack.Contains(call.Item));
        var operation = new Operation(call.Item, call.Attempt);
        _journal.Add(call.OperationId, operation);
        if (_failedBack.Contains(call.Item))
        {
            return operation.End(new AttemptFailed(call.Item, call.Attempt, RetryClass.InvalidState, "INVALID_STATE", "It is in another state."));
        }

        if (_changed.Contains(call.Item))
        {
            return operation.End(new AttemptFailed(call.Item, call.Attempt, RetryClass.NotReady, "NOT_READY", "It is not ready."));
        }

        if (move.Choose(5, 1) == 0)
        {
            var retryClass = (RetryClass)move.Choose(Enum.GetValues<RetryClass>().Length, 2);
            if (retryClass == RetryClass.RereadState && move.Choose(3, 3) == 0)
            {
                // The host answered with a time-out and did it all the same.
                _failedBack.Add(call.Item);
            }

            return operation.End(new AttemptFailed(call.Item, call.Attempt, retryClass, "REFUSED", "The host refused."));
        }

        _live.Add(operation);
        return operation.Report();
    }

    public ItemReport Watch(Watch call)
        => _journal.TryGetValue(call.OperationId, out var operation) ? operation.Report()
            : call.Journal is { } then && (then.Id != _id || !_tokens.Contains(then.Token)) ? JournalLost(call.Item, call.Attempt)
            : new OperationNotFound(call.Item, call.Attempt);

    public ItemReport? Cancel(CancelOperation call)
    {
        if (!_journal.TryGetValue(call.OperationId, out var operation))
        {
            // What comes of it is told by the watch.
            return null;
        }

        if (_live.Remove(operation))
        {
            operation.End(new AttemptCancelled(operation.Item, operation.Attempt, "The job was terminated."));
        }

        return operation.Report();
    }

    private static AttemptFailed JournalLost(string item, int attempt)
        => new(item, attempt, RetryClass.JournalLost, "JOURNAL_LOST", "The journal was put back from a copy.");

    public ItemReport Recheck(RecheckState call, Move move)
    {
        var verdict = _failedBack.Contains(call.Item) ? StateVerdict.FailedBack
            : _live.Exists(operation => operation.Item == call.Item) ? StateVerdict.InProgress
            : move.Choose(4, 1) == 0 ? StateVerdict.Undecided : StateVerdict.NotStarted;
        return new StateRechecked(call.Item, call.Attempt, verdict, "State seen.");
    }

    public ReadinessChecked Check(CheckReadiness call)
        => new(call.Item, call.Revision, !_changed.Contains(call.Item), _changed.Contains(call.Item) ? ["REPLICATION_STATE: it is another one."] : [], StateOf(call.Item));

    /// <summary>Somebody changes the machine, or puts it right again.</summary>
    public ReplicationStateChanged Change(string item)
    {
        if (!_changed.Add(item))
        {
            _changed.Remove(item);
        }

        return new ReplicationStateChanged(item, StateOf(item));
    }

    /// <summary>One live operation goes a step further.</summary>
    public ItemReport? Work(Move move)
    {
        var operation = _live[move.Pick % _live.Count];
        var isKnown = _journal.ContainsValue(operation);
        var report = Work(operation, move);
        return isKnown ? report : null;
    }

    private ItemReport Work(Operation operation, Move move)
    {
        if (!operation.Runs)
        {
            operation.Runs = true;
            return operation.Report();
        }

        var fate = move.Choose(100, 1);
        if (fate is >= 20 and < 45)
        {
            // A job may go back, too.
            operation.Percent = move.Choose(4, 2) == 0 ? operation.Percent / 2 : Math.Min(99, operation.Percent + 10);
            return new AttemptProgressed(operation.Item, operation.Attempt, operation.Percent);
        }

        _live.Remove(operation);
        if (fate >= 45)
        {
            _failedBack.Add(operation.Item);
            return operation.End(new AttemptSucceeded(operation.Item, operation.Attempt, fate < 55, "The job completed."));
        }

        if (fate >= 7)
        {
            return operation.End(new AttemptFailed(operation.Item, operation.Attempt, RetryClass.FailedJob, "JOB_FAILED", "The job failed."));
        }

        if (move.Choose(2, 3) == 0)
        {
            _failedBack.Add(operation.Item);
        }

        return operation.End(new AttemptOutcomeUnknown(operation.Item, operation.Attempt, "The job is gone."));
    }

    private string StateOf(string item) => _failedBack.Contains(item) ? "FailbackComplete" : _changed.Contains(item) ? "Resynchronizing" : "Recovered";

    private sealed class Operation(string item, int attempt)
    {
        private ItemReport? _end;

        public string Item { get; } = item;

        public int Attempt { get; } = attempt;

        public bool Runs { get; set; }

        public int Percent { get; set; }

        public ItemReport End(ItemReport report) => _end = report;

        public ItemReport Report() => _end ?? (Runs ? new AttemptRunning(Item, Attempt) : new AttemptQueued(Item, Attempt));
    }
}
