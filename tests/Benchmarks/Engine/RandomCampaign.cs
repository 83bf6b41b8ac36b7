using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Benchmarks.Engine;

/// <summary>
/// What a campaign meets, at random from one seed: agents that queue, run, refuse, fail and lose operations, hosts that go and come
/// back, people that pause and cancel, time that passes. An input costs the same however large the campaign is.
/// </summary>
internal sealed class RandomCampaign(Random random, CampaignPlan plan)
{
    private readonly IReadOnlyList<string> _hosts = [.. plan.Items.Select(item => item.Host).Distinct(StringComparer.Ordinal)];

    // What others wait for always succeeds; otherwise too much would be skipped for want of it.
    private readonly HashSet<string> _dependable = [.. plan.Items.Where(BenchmarkEstate.IsDirectory).Select(item => item.Id)];

    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);
    private readonly List<Operation> _live = [];
    private readonly Queue<CampaignEffect> _calls = new();
    private bool _isPaused;
    private DateTimeOffset? _wake;

    public DateTimeOffset Now { get; private set; } = new(2031, 5, 4, 3, 0, 0, TimeSpan.Zero);

    /// <summary>The next thing that happens; null when nothing can.</summary>
    public CampaignInput? Next()
    {
        Now += TimeSpan.FromMilliseconds(random.Next(20));
        if (_isPaused)
        {
            _isPaused = false;
            return new ResumeCampaign("ann", "");
        }

        if (_wake <= Now)
        {
            _wake = null;
            return new TimerElapsed();
        }

        return random.Next(10_000) switch
        {
            < 20 => new HostUnreachable(_hosts[random.Next(_hosts.Count)], "The connection was cut."),
            < 40 => new HostReachable(_hosts[random.Next(_hosts.Count)]),
            40 => Pause(),
            < 60 when _live.Count > 0 && _live[random.Next(_live.Count)] is var chosen && !_dependable.Contains(chosen.Item) => new CancelItem(chosen.Item, ConfirmPossibleDataLoss: true, "ann", ""),
            _ when _calls.Count > 0 && (_live.Count == 0 || random.Next(2) == 0) => Deliver(_calls.Dequeue()),
            _ when _live.Count > 0 => Work(),
            _ => Wait(),
        };
    }

    /// <summary>Takes up what the campaign wants done.</summary>
    public void Take(Outcome outcome)
    {
        foreach (var effect in outcome.Effects)
        {
            if (effect is WakeAt wake)
            {
                _wake = wake.Time;
            }
            else if (effect is not (Ended or StopFollowing))
            {
                _calls.Enqueue(effect);
            }
        }
    }

    private PauseCampaign Pause()
    {
        _isPaused = true;
        return new PauseCampaign("ann", "");
    }

    private TimerElapsed? Wait()
    {
        if (_wake is not { } wake)
        {
            return null;
        }

        (Now, _wake) = (wake, null);
        return new TimerElapsed();
    }

    private ItemReport Deliver(CampaignEffect effect) => effect switch
    {
        StartOperation initiate => Initiate(initiate),
        FollowPair follow => Initiate(follow.Step),
        Watch watch => Known(watch.Item, watch.Attempt)?.Report() ?? new OperationNotFound(watch.Item, watch.Attempt),
        CancelOperation cancel when Known(cancel.Item, cancel.Attempt) is { } operation => End(operation, new AttemptCancelled(cancel.Item, cancel.Attempt, "The job was terminated.")),
        CancelOperation cancel => new OperationNotFound(cancel.Item, cancel.Attempt),
        RecheckState reread => new StateRechecked(reread.Item, reread.Attempt, StateVerdict.NotStarted, "It stands as before."),
        _ => throw new InvalidOperationException($"{effect} is for no agent."),
    };

    private ItemReport Initiate(StartOperation call)
    {
        if (Known(call.Item, call.Attempt) is { } known)
        {
            return known.Report();
        }

        switch (random.Next(100))
        {
            case < 4 when call.Pair is not null:
                // A person must decide, and does so in its turn.
                var asking = Add(call);
                return new AttemptAsks(asking.Item, asking.Attempt, "WHICH_SIDE", "A person must decide.", ServiceIsDown: false);
            case < 4:
                return new AttemptUndelivered(call.Item, call.Attempt, MayHaveBeenDelivered: false, "Connection refused.");
            case < 10:
                return new AttemptFailed(call.Item, call.Attempt, RetryClass.BackOff, "IN_USE", "The host is busy.");
            default:
                return Add(call).Report();
        }
    }

    private Operation Add(StartOperation call)
    {
        var operation = new Operation(call.Item, call.Attempt) { Place = _live.Count };
        _live.Add(operation);
        _operations[call.Item] = operation;
        return operation;
    }

    private ItemReport Work()
    {
        var operation = _live[random.Next(_live.Count)];
        if (!operation.Runs)
        {
            operation.Runs = true;
            return operation.Report();
        }

        var (item, attempt) = (operation.Item, operation.Attempt);
        return (_dependable.Contains(item) ? 60 : random.Next(100)) switch
        {
            < 55 => new AttemptProgressed(item, attempt),
            < 76 => End(operation, new AttemptSucceeded(item, attempt, WithWarnings: false, "The job completed.")),
            < 98 => End(operation, new AttemptFailed(item, attempt, RetryClass.FailedJob, "JOB_FAILED", "The job failed.")),
            98 => End(operation, new AttemptFailed(item, attempt, RetryClass.RereadState, "TIMEOUT", "The host did not answer.")),
            _ => End(operation, new AttemptOutcomeUnknown(item, attempt, "The job is gone.")),
        };
    }

    private Operation? Known(string item, int attempt) => _operations.TryGetValue(item, out var operation) && operation.Attempt == attempt ? operation : null;

    private ItemReport End(Operation operation, ItemReport report)
    {
        _operations.Remove(operation.Item);
        // The last one takes the place that becomes free.
        var last = _live[^1];
        _live[operation.Place] = last;
        last.Place = operation.Place;
        _live.RemoveAt(_live.Count - 1);
        return report;
    }

    private sealed class Operation(string item, int attempt)
    {
        public string Item { get; } = item;

        public int Attempt { get; } = attempt;

        public bool Runs { get; set; }

        public int Place { get; set; }

        public ItemReport Report() => Runs ? new AttemptRunning(Item, Attempt) : new AttemptQueued(Item, Attempt);
    }
}
