using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;

namespace HostAgent.Coordinator.Wire;

/// <summary>Converts a host to its message.</summary>
internal static class HostMapper
{
    /// <summary>The message of a host with its last known status.</summary>
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
