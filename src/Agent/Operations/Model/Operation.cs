namespace HostAgent.Agent.Operations.Model;

/// <summary>What is known about an operation when it is accepted, and never changes.</summary>
internal sealed record OperationFacts
{
    /// <summary>The caller's idempotency key.</summary>
    public required Guid OperationId { get; init; }

    /// <summary>The kind of operation, for example <c>failback</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The machine it works on (Msvm_ComputerSystem.Name), upper case.</summary>
    public required string VirtualMachineId { get; init; }

    /// <summary>The machine's display name when the operation was accepted.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>The request as the kind serialises it, fit to run the operation from.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>SHA-256 of what makes two requests equal.</summary>
    public required ReadOnlyMemory<byte> RequestHash { get; init; }

    /// <summary>The campaign that requested it; null for a single operation.</summary>
    public CampaignReference? Campaign { get; init; }

    /// <summary>The subject of the caller's certificate.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was accepted, by the agent's clock.</summary>
    public required DateTimeOffset CreateTime { get; init; }
}

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

    /// <summary>Why cancellation was requested; null when it was not.</summary>
    public string? CancelReason { get; init; }

    /// <summary>When the method was invoked; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The current state.</summary>
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

    /// <summary>Why cancellation was requested.</summary>
    public string? CancelReason { get; init; }

    /// <summary>When the method was invoked.</summary>
    public DateTimeOffset? StartTime { get; init; }
}

/// <summary>The campaign that requested an operation.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="ItemId">The item within the campaign.</param>
/// <param name="Attempt">The attempt at the item, from 1.</param>
/// <param name="Epoch">The fencing number under which it was accepted.</param>
internal sealed record CampaignReference(Guid CampaignId, string ItemId, int Attempt, long Epoch);

/// <summary>A coordinator that acts for a campaign.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Epoch">Its fencing number.</param>
/// <param name="Coordinator">Its verified identity; empty in a journal of an older schema.</param>
/// <param name="Instance">The process, a UUID; empty when unknown.</param>
internal sealed record CampaignClaim(Guid CampaignId, long Epoch, string Coordinator, string Instance)
{
    /// <summary>Since when the process has its store to itself; null when that is unknown, as in every journal.</summary>
    public StoreTerm? Term { get; init; }
}

/// <summary>One period during which one coordinator process has a store to itself.</summary>
/// <param name="Store">Tells the store from others, and from its copies.</param>
/// <param name="Number">A later term of the store has a higher number.</param>
internal sealed record StoreTerm(string Store, long Number);

/// <summary>Which operations hold each other up.</summary>
internal enum OperationLane
{
    /// <summary>What moves data for minutes or hours.</summary>
    Data,

    /// <summary>What takes seconds, and may be what ends an outage: it never waits for data.</summary>
    Control,
}
