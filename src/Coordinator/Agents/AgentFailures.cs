using System.Globalization;
using Grpc.Core;
using HostAgent.Coordinator.Inventory;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Agents;

/// <summary>The failure of a call that timed out.</summary>
internal static class TimedOutAgent
{
    public static RpcFailure After(InventoryHost host, TimeSpan timeout, Exception? cause = null) => new(
        StatusCode.DeadlineExceeded,
        ConnectionReason.ConnectionLost,
        string.Create(CultureInfo.InvariantCulture, $"the agent of {host.Name} at {host.Address.Authority} did not answer within {timeout.TotalSeconds} s"),
        cause)
    {
        Domain = RpcFailure.ConnectionDomain,
    };
}

/// <summary>A host that is in a campaign's plan but no longer in the inventory.</summary>
internal static class UnlistedHost
{
    /// <summary>Explains it in one sentence.</summary>
    public static string Explain(string host) => $"host {host} is not in the inventory: put it back and restart the coordinator";

    public static RpcFailure Failure(string host)
        => new(StatusCode.Unavailable, "HOST_NOT_IN_INVENTORY", Explain(host)) { Domain = RpcFailure.ConnectionDomain };
}

/// <summary>Distinguishes a refusal, after which the agent has no record of the operation, from a failure that leaves open what the agent did.</summary>
internal static class AgentRefusals
{
    /// <summary>Whether the agent may have received the call. False when no connection was established.</summary>
    public static bool MayHaveBeenDelivered(RpcFailure failure)
        => failure.Domain != RpcFailure.ConnectionDomain || failure.Reason == ConnectionReason.ConnectionLost;

    /// <summary>Whether the agent rejects this coordinator rather than the operation.</summary>
    public static bool IsFence(RpcFailure failure)
        => failure.Domain == RpcFailure.ProductDomain && failure.Reason is "STALE_EPOCH" or "EPOCH_JUMP" or "CAMPAIGN_OWNED" or "CAMPAIGN_CLAIMED_TWICE";

    /// <summary>Whether a higher epoch may be obeyed: the agent has seen one that this coordinator's store does not know, as it is where the store was restored from a backup.</summary>
    /// <param name="failure">What the agent answered.</param>
    /// <param name="epoch">The epoch that was refused.</param>
    public static bool IsBehind(RpcFailure failure, long epoch)
        => failure.Domain == RpcFailure.ProductDomain && failure.Reason switch
        {
            "STALE_EPOCH" => true,
            // While the other one still holds its connection, no epoch is obeyed.
            "CAMPAIGN_CLAIMED_TWICE" => failure.Metadata.TryGetValue("highest_epoch", out var highest) && long.TryParse(highest, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen >= epoch,
            _ => false,
        };

    /// <summary>
    /// Whether the agent has definitely refused. Only the agent's own errors count, and only those it sends before it journals anything;
    /// after any other error the same operation is requested again, which joins it if it exists.
    /// </summary>
    public static bool IsDefinite(RpcFailure failure) => failure.Domain == RpcFailure.ProductDomain && failure.StatusCode switch
    {
        StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition => true,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.Unimplemented => true,
        StatusCode.ResourceExhausted or StatusCode.Aborted or StatusCode.OutOfRange => true,
        StatusCode.Unavailable => failure.Reason is "HOST_UNAVAILABLE" or "DRAINING",
        _ => false,
    };
}
