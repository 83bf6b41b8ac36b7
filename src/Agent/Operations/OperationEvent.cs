namespace HostAgent.Agent.Operations;

/// <summary>Something that happened to an operation, with the whole state after it.</summary>
internal sealed record OperationEvent
{
    /// <summary>Grows by one with each recorded event; a percent update carries that of the last recorded one.</summary>
    public required long Sequence { get; init; }

    /// <summary>When, by the agent's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened.</summary>
    public required OperationEventKind Kind { get; init; }

    /// <summary>Where the operation stands after it.</summary>
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
    /// Queued as far as the journal knows, which lost its newest entries: the host may have been asked already, and decides. The intent holds
    /// what the journal knew of the host before.
    /// </summary>
    public bool MayHaveBeenCalled { get; init; }

    /// <summary>One sentence for a person.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>How it ended; set exactly on the last event.</summary>
    public OperationOutcome? Outcome { get; init; }
}
