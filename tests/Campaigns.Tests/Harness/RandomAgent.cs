using HostAgent.Campaigns.Effects;
using HostAgent.Campaigns.Inputs;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>An agent with its host: journals operations, answers repeats from the journal, refuses old epochs, and does the work at random.</summary>
internal sealed class RandomAgent(Random random)
{
    private readonly Dictionary<Guid, Operation> _journal = [];
    private readonly List<Operation> _live = [];
    private readonly HashSet<string> _failedBack = new(StringComparer.Ordinal);
    private long _epoch;

    public bool IsDown { get; set; }

    public bool HasLive => _live.Count > 0;

    public ItemReport? Initiate(Initiate call, HistoryChecker checker)
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

        checker.Reached(call, _live.Exists(operation => operation.Item == call.Item), _failedBack.Contains(call.Item));
        var operation = new Operation(call.Item, call.Attempt);
        _journal.Add(call.OperationId, operation);
        if (_failedBack.Contains(call.Item))
        {
            return operation.End(new AttemptFailed(call.Item, call.Attempt, FailureClass.InvalidState, "INVALID_STATE", "It is in another state."));
        }

        if (random.Next(6) == 0)
        {
            var failureClass = (FailureClass)random.Next(Enum.GetValues<FailureClass>().Length);
            if (failureClass == FailureClass.RereadState && random.Next(3) == 0)
            {
                // The host answered with a time-out and did it all the same.
                _failedBack.Add(call.Item);
            }

            return operation.End(new AttemptFailed(call.Item, call.Attempt, failureClass, "REFUSED", "The host refused."));
        }

        _live.Add(operation);
        return operation.Report();
    }

    public ItemReport Watch(Watch call)
        => _journal.TryGetValue(call.OperationId, out var operation) ? operation.Report() : new OperationNotFound(call.Item, call.Attempt);

    public ItemReport Cancel(CancelOperation call)
    {
        if (!_journal.TryGetValue(call.OperationId, out var operation))
        {
            return new OperationNotFound(call.Item, call.Attempt);
        }

        if (_live.Remove(operation))
        {
            operation.End(new AttemptCancelled(operation.Item, operation.Attempt, "The job was terminated."));
        }

        return operation.Report();
    }

    public ItemReport Reread(RereadState call)
    {
        var verdict = _failedBack.Contains(call.Item) ? StateVerdict.FailedBack
            : _live.Exists(operation => operation.Item == call.Item) ? StateVerdict.InProgress
            : random.Next(4) == 0 ? StateVerdict.Undecided : StateVerdict.NotStarted;
        return new StateReread(call.Item, call.Attempt, verdict, "State seen.");
    }

    /// <summary>One live operation goes a step further.</summary>
    public ItemReport? Work(bool calm)
    {
        var operation = _live[random.Next(_live.Count)];
        if (!operation.Runs)
        {
            operation.Runs = true;
            return operation.Report();
        }

        var fate = random.Next(100);
        if (fate < 20)
        {
            return new AttemptProgressed(operation.Item, operation.Attempt);
        }

        _live.Remove(operation);
        if (fate < 80 || calm)
        {
            _failedBack.Add(operation.Item);
            return operation.End(new AttemptSucceeded(operation.Item, operation.Attempt, fate < 30, "The job completed."));
        }

        if (fate < 92)
        {
            return operation.End(new AttemptFailed(operation.Item, operation.Attempt, FailureClass.FailedJob, "JOB_FAILED", "The job failed."));
        }

        if (random.Next(2) == 0)
        {
            _failedBack.Add(operation.Item);
        }

        return operation.End(new AttemptOutcomeUnknown(operation.Item, operation.Attempt, "The job is gone."));
    }

    private sealed class Operation(string item, int attempt)
    {
        private ItemReport? _end;

        public string Item { get; } = item;

        public int Attempt { get; } = attempt;

        public bool Runs { get; set; }

        public ItemReport End(ItemReport report) => _end = report;

        public ItemReport Report() => _end ?? (Runs ? new AttemptRunning(Item, Attempt) : new AttemptQueued(Item, Attempt));
    }
}
