using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>An operation to follow to its end.</summary>
/// <param name="OperationId">Its id.</param>
/// <param name="Request">The request that starts or joins it; null when the agent is known to have it.</param>
/// <param name="VirtualMachineId">The virtual machine, for the log.</param>
/// <param name="Campaign">The campaign's resource name, for the log.</param>
internal sealed record FollowedOperation(string OperationId, InitiateFailbackRequest? Request, string VirtualMachineId, string Campaign)
{
    /// <summary>The claim to make before the request is sent for the first time; null when that was done.</summary>
    public ClaimCampaignRequest? Claim { get; init; }

    /// <summary>What the agent's journal had come to when the operation may first have been sent; null when that does not matter or is not known.</summary>
    public JournalPosition? SentBefore { get; init; }

    /// <summary>The campaign's epoch under which the request is sent.</summary>
    public long Epoch => Request?.Campaign?.Epoch ?? 0;
}
