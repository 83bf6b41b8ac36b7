namespace HostAgent.Agent.Operations.Model;

/// <summary>Something that happened to an operation, with the full state after it.</summary>
internal sealed record OperationEvent
{
    /// <summary>Grows by one with each recorded event; a percent update carries that of the last recorded one.</summary>
    public required long Sequence { get; init; }

    /// <summary>When, by the agent's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened.</summary>
    public required OperationEventKind Kind { get; init; }

    /// <summary>The operation's state after it.</summary>
    public required OperationState State { get; init; }

    /// <summary>Place in the queue, from 1; 0 when not queued.</summary>
    public int QueuePosition { get; init; }

    /// <summary>The job as last seen; null when none is known.</summary>
    public JobSnapshot? Job { get; init; }

    /// <summary>0 to 100; null when the host has not said.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>The machine's replication state as the host's number; null when not seen.</summary>
    public int? ReplicationState { get; init; }

    /// <summary>
    /// Queued according to a journal that lost its newest entries: the host may have been called already; its state decides. The intent holds
    /// the last known evidence.
    /// </summary>
    public bool MayHaveBeenCalled { get; init; }

    /// <summary>The GUID of the machine that the operation made, upper case; null when it made none, or none is known.</summary>
    public string? TestMachine { get; init; }

    /// <summary>The host whose agent accepted the operation, which alone can make and follow its call; null in the journal of an older agent.</summary>
    public string? Host { get; init; }

    /// <summary>One sentence for a person.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>How it ended; set exactly on the last event.</summary>
    public OperationOutcome? Outcome { get; init; }
}

/// <summary>The kind of an event. The numbers are stored in the journal and equal those of the contract.</summary>
internal enum OperationEventKind
{
    /// <summary>The operation was journaled.</summary>
    Accepted = 1,

    /// <summary>Its queue position changed.</summary>
    Queued = 2,

    /// <summary>The intent to call is durable and the call is being made.</summary>
    Starting = 3,

    /// <summary>The host accepted the call and named its job.</summary>
    Started = 4,

    /// <summary>The job's state has changed, or has stood still for long.</summary>
    JobState = 5,

    /// <summary>The percentage has moved; never recorded.</summary>
    Percent = 6,

    /// <summary>The machine's replication state has changed.</summary>
    ReplicationState = 7,

    /// <summary>The agent restarted or lost the job, and reattached to the operation.</summary>
    Reattached = 8,

    /// <summary>Cancellation was requested.</summary>
    CancelRequested = 9,

    /// <summary>The operation is terminal.</summary>
    Concluded = 10,
}

/// <summary>An event about to be recorded, and what it changes. The log gives it its sequence and its time.</summary>
internal sealed record NextEvent(OperationEvent Event, OperationChange Change)
{
    /// <summary>The next event of an operation: what is not said stays as it was.</summary>
    public static NextEvent Of(OperationSnapshot current, OperationEventKind kind, string explanation, OperationState? state = null) => new(
        current.Last with
        {
            Kind = kind,
            State = state ?? current.State,
            Explanation = explanation,
            QueuePosition = 0,
            MayHaveBeenCalled = current.Last.MayHaveBeenCalled && (state ?? current.State) == OperationState.Queued,
        },
        OperationChange.Nothing);

    /// <summary>The last event of an operation.</summary>
    public static NextEvent Conclusion(OperationSnapshot current, OperationOutcome outcome)
    {
        var next = Of(current, OperationEventKind.Concluded, outcome.Explanation, outcome.State);
        return next with { Event = next.Event with { Outcome = outcome } };
    }
}
