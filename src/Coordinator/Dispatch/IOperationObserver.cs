using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Is told what becomes of one operation. Exactly one of concluded, refused, fenced, undelivered and lost is told, and nothing after it.</summary>
internal interface IOperationObserver
{
    /// <summary>The agent has recorded something that is not terminal. In the order of the sequence, each once.</summary>
    ValueTask ProgressedAsync(FailbackProgress progress);

    /// <summary>The percentage has moved. Called often.</summary>
    ValueTask AdvancedAsync(FailbackProgress progress);

    /// <summary>The operation is terminal.</summary>
    ValueTask ConcludedAsync(FailbackProgress progress);

    /// <summary>The agent has taken the campaign's claim; nothing has been sent yet. Returns when that is durable.</summary>
    ValueTask ClaimedAsync(JournalPosition journal);

    /// <summary>The agent refuses this coordinator. It keeps nothing of this call.</summary>
    ValueTask FencedAsync(RpcFailure refusal);

    /// <summary>The agent has refused the operation and keeps nothing of it.</summary>
    ValueTask RefusedAsync(RpcFailure refusal);

    /// <summary>The call that starts the operation has failed. Sending it again is safe.</summary>
    /// <param name="failure">What was seen.</param>
    /// <param name="mayHaveArrived">False only when it is certain that the agent has not received the call.</param>
    ValueTask UndeliveredAsync(RpcFailure failure, bool mayHaveArrived);

    /// <summary>The agent does not know the operation.</summary>
    ValueTask LostAsync(RpcFailure failure);
}
