namespace HostAgent.Agent.Operations;

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

    /// <summary>The campaign that asked for it; null for an operation that stands alone.</summary>
    public CampaignTie? Campaign { get; init; }

    /// <summary>The subject of the caller's certificate.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was accepted, by the agent's clock.</summary>
    public required DateTimeOffset CreateTime { get; init; }
}
