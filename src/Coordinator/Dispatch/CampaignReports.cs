using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>The way up: what the dispatcher tells the campaign's run.</summary>
internal interface ICampaignReports
{
    /// <summary>Reports something that the machine decides upon. Waits while the run has too much to do.</summary>
    ValueTask ReportAsync(CampaignInput input, CancellationToken cancellationToken);

    /// <summary>Reports something and waits until what the machine makes of it is durable.</summary>
    ValueTask RecordAsync(CampaignInput input, CancellationToken cancellationToken);

    /// <summary>Shows a percentage; no decision depends on it.</summary>
    void Advance(string item, int attempt, int percent);
}

/// <summary>Is told what becomes of one operation. Exactly one of concluded, refused, fenced, undelivered and lost is told, and nothing after it.</summary>
internal interface IOperationObserver
{
    /// <summary>The agent has recorded something that is not terminal. In the order of the sequence, each once.</summary>
    ValueTask ProgressedAsync(FailbackProgress progress);

    /// <summary>The percentage has moved. Called often.</summary>
    ValueTask AdvancedAsync(FailbackProgress progress);

    ValueTask ConcludedAsync(FailbackProgress progress);

    /// <summary>The agent has taken the campaign's claim; nothing has been sent yet. Returns when that is durable.</summary>
    ValueTask ClaimedAsync(JournalPosition journal);

    /// <summary>The agent refuses this coordinator. It keeps nothing of this call.</summary>
    ValueTask FencedAsync(RpcFailure refusal);

    /// <summary>The agent has refused the operation and keeps nothing of it.</summary>
    ValueTask RefusedAsync(RpcFailure refusal);

    /// <summary>The call that starts the operation has failed. Sending it again is safe.</summary>
    /// <param name="failure">What was seen.</param>
    /// <param name="mayHaveBeenDelivered">False only when it is certain that the agent has not received the call.</param>
    ValueTask UndeliveredAsync(RpcFailure failure, bool mayHaveBeenDelivered);

    /// <summary>The agent does not know the operation.</summary>
    ValueTask LostAsync(RpcFailure failure);
}

/// <summary>The campaign that is dispatched for.</summary>
/// <param name="Uid">Its identity towards the agents.</param>
/// <param name="Name">Its resource name, for the log.</param>
/// <param name="Instance">This process, as the agents tell it from another one.</param>
internal sealed record DispatchedCampaign(Guid Uid, string Name, Guid Instance);

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

/// <summary>The campaign's run has ended and takes no more reports.</summary>
internal sealed class RunClosedException() : Exception("The campaign's run has ended.");
