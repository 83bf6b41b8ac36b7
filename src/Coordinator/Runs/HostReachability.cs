using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Agents;

namespace HostAgent.Coordinator.Runs;

/// <summary>Reachability changes that a run has not passed to its machine yet: only the newest state of each host.</summary>
internal sealed class HostReachability
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CampaignInput> _news = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Starts with the current state of a campaign's hosts.</summary>
    public void Follow(IEnumerable<string> hosts, AgentRegistry registry)
    {
        lock (_lock)
        {
            _hosts = new HashSet<string>(hosts, StringComparer.OrdinalIgnoreCase);
            _news.Clear();
            foreach (var host in _hosts)
            {
                if (!registry.TryFind(host, out var connection))
                {
                    _news[host] = new HostUnreachable(host, UnlistedHost.Explain(host));
                }
                else if (News(connection) is { } input)
                {
                    _news[host] = input;
                }
            }
        }
    }

    /// <summary>Records the state of a host.</summary>
    /// <returns>Whether there is a change to pass on.</returns>
    public bool Note(AgentConnection connection)
    {
        lock (_lock)
        {
            if (!_hosts.Contains(connection.Host.Name) || News(connection) is not { } input)
            {
                return false;
            }

            _news[connection.Host.Name] = input;
            return true;
        }
    }

    public IReadOnlyList<CampaignInput> Take()
    {
        lock (_lock)
        {
            if (_news.Count == 0)
            {
                return [];
            }

            CampaignInput[] news = [.. _news.Values];
            _news.Clear();
            return news;
        }
    }

    private static CampaignInput? News(AgentConnection connection) => connection.Status switch
    {
        { Reachability: Reachability.Reachable } => new HostReachable(connection.Host.Name),
        { Reachability: Reachability.Unreachable } status => new HostUnreachable(connection.Host.Name, status.Reason),
        _ => null,
    };
}
