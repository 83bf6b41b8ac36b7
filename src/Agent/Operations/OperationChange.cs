namespace HostAgent.Agent.Operations;

/// <summary>What an event changes in the operation's row besides state and sequence. A null leaves the value as it is.</summary>
internal sealed record OperationChange
{
    /// <summary>Changes nothing.</summary>
    public static OperationChange Nothing { get; } = new();

    /// <summary>The recovery point handed to the host.</summary>
    public string? RecoveryPointIdentifier { get; init; }

    /// <summary>The evidence of the intent that this event makes durable.</summary>
    public IntentEvidence? Intent { get; init; }

    /// <summary>What the method answered.</summary>
    public uint? ReturnCode { get; init; }

    /// <summary>The path of the job that the method started.</summary>
    public string? JobPath { get; init; }

    /// <summary>Why cancellation was asked for.</summary>
    public string? CancelReason { get; init; }

    /// <summary>When the method was invoked.</summary>
    public DateTimeOffset? StartTime { get; init; }
}
