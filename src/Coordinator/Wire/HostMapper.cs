using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;

namespace HostAgent.Coordinator.Wire;

/// <summary>Shows a host as the service <c>Hosts</c> does.</summary>
internal static class HostMapper
{
    /// <summary>The message of a host as it was last seen.</summary>
    public static ManagedHost ToMessage(AgentConnection connection)
    {
        var (host, status) = (connection.Host, connection.Status);
        var message = new ManagedHost
        {
            Name = ResourceNames.Host(host.Name),
            Address = host.Address.OriginalString,
            Site = host.Site,
            PrimarySite = host.PrimarySite,
            Reachability = status.Reachability,
            UnreachableReason = status.Reason,
            SinceTime = status.Since?.ToTimestamp(),
            Agent = status.Agent,
        };
        foreach (var (key, value) in host.Labels)
        {
            message.Labels.Add(key, value);
        }

        return message;
    }
}
