using System.Globalization;
using Grpc.Core;
using HostAgent.Coordinator.Inventory;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Hosts;

/// <summary>The failure of a call that was given up because nobody answered.</summary>
internal static class SilentHost
{
    /// <summary>Makes the failure.</summary>
    public static RpcFailure After(InventoryHost host, TimeSpan timeout, Exception? cause = null) => new(
        StatusCode.DeadlineExceeded,
        ConnectionReason.ConnectionLost,
        string.Create(CultureInfo.InvariantCulture, $"the agent of {host.Name} at {host.Address.Authority} did not answer within {timeout.TotalSeconds} s"),
        cause)
    {
        Domain = RpcFailure.ConnectionDomain,
    };
}
