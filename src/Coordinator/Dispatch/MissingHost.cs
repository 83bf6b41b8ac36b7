using Grpc.Core;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>A host that a campaign knows from its plan and the inventory does not know any more.</summary>
internal static class MissingHost
{
    /// <summary>What it means, in one sentence.</summary>
    public static string Explain(string host) => $"host {host} is not in the inventory: put it back and restart the coordinator";

    /// <summary>The failure of a call to it.</summary>
    public static RpcFailure Failure(string host) =>
        new(StatusCode.Unavailable, "HOST_NOT_IN_INVENTORY", Explain(host)) { Domain = RpcFailure.ConnectionDomain };
}
