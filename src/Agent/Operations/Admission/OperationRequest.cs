using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Admission;

/// <summary>A request for an operation.</summary>
internal sealed record OperationRequest
{
    /// <summary>The caller's idempotency key.</summary>
    public required Guid OperationId { get; init; }

    public required IOperationKind Kind { get; init; }

    /// <summary>The machine it works on, upper case.</summary>
    public required string VirtualMachineId { get; init; }

    /// <summary>The request as the kind reads it.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>SHA-256 of what makes two requests equal.</summary>
    public required ReadOnlyMemory<byte> RequestHash { get; init; }

    /// <summary>The campaign that requests it; null for a single operation.</summary>
    public CampaignReference? Campaign { get; init; }

    /// <summary>The coordinator that acts for the campaign; null for a single operation.</summary>
    public CampaignClaim? Claim { get; init; }

    /// <summary>Cancelled when the connection that the request came over has ended.</summary>
    public CancellationToken Connection { get; init; }

    /// <summary>Where the journal stood when the operation may have been sent before; null for a first time.</summary>
    public JournalPosition? SentBefore { get; init; }

    /// <summary>The caller has checked the machine and accepts that the journal may have lost this very operation.</summary>
    public bool AcceptsJournalLoss { get; init; }

    /// <summary>The subject of the caller's certificate.</summary>
    public required string RequestedBy { get; init; }
}
