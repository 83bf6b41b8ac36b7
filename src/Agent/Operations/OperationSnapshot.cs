namespace HostAgent.Agent.Operations;

/// <summary>One operation as the journal has it: the fold of its events.</summary>
internal sealed record OperationSnapshot
{
    /// <summary>The journal's own number, in the order of acceptance.</summary>
    public required long Ordinal { get; init; }

    /// <summary>What never changes.</summary>
    public required OperationFacts Facts { get; init; }

    /// <summary>The last recorded event.</summary>
    public required OperationEvent Last { get; init; }

    /// <summary>The recovery point handed to the host; null for the latest, or before it was chosen.</summary>
    public string? RecoveryPointIdentifier { get; init; }

    /// <summary>The evidence of the latest intent; null until there is one.</summary>
    public IntentEvidence? Intent { get; init; }

    /// <summary>What the method answered; null until it has.</summary>
    public uint? ReturnCode { get; init; }

    /// <summary>The path of the job; null when none is known.</summary>
    public string? JobPath { get; init; }

    /// <summary>Why cancellation was asked for; null when it was not.</summary>
    public string? CancelReason { get; init; }

    /// <summary>When the method was invoked; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Where it stands.</summary>
    public OperationState State => Last.State;

    /// <summary>The sequence of the last recorded event.</summary>
    public long Sequence => Last.Sequence;

    /// <summary>The operation after one more event.</summary>
    public OperationSnapshot After(OperationEvent next, OperationChange change) => this with
    {
        Last = next,
        RecoveryPointIdentifier = change.RecoveryPointIdentifier ?? RecoveryPointIdentifier,
        Intent = change.Intent ?? Intent,
        ReturnCode = change.ReturnCode ?? ReturnCode,
        JobPath = change.JobPath ?? JobPath,
        CancelReason = change.CancelReason ?? CancelReason,
        StartTime = change.StartTime ?? StartTime,
        EndTime = next.State.IsTerminal() ? next.Time : EndTime,
    };
}
