using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Watching;

/// <summary>One item as it durably stands; what the host says live is kept beside it.</summary>
internal sealed record ItemView
{
    /// <summary>Its id within the campaign.</summary>
    public required string Id { get; init; }

    /// <summary>The position of its wave.</summary>
    public required int Wave { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The virtual machine's GUID, upper case.</summary>
    public required string VirtualMachineId { get; init; }

    /// <summary>The virtual machine's name.</summary>
    public required string VirtualMachineName { get; init; }

    /// <summary>Where it stands.</summary>
    public ItemState State { get; init; } = ItemState.Pending;

    /// <summary>One sentence about the state.</summary>
    public string Explanation { get; init; } = string.Empty;

    /// <summary>The attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>The UUID of the attempt; empty before the first.</summary>
    public string OperationId { get; init; } = string.Empty;

    /// <summary>The reason of the last failure; empty when there was none.</summary>
    public string FailureReason { get; init; } = string.Empty;

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When the attempt was started; null before.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it became terminal; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>What its percentage has gone back to with this change; null when it has not.</summary>
    public int? WentBackTo { get; init; }

    /// <summary>Whether nothing happens to it any more by itself.</summary>
    public bool IsTerminal => State >= ItemState.Succeeded;
}
