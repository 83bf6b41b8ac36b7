using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// The recently listed machines of each host. A plan needs copies on hosts that it does not select, and what runs at the primary
/// site. Each host is listed at most every 30 seconds, however many plans ask, and the number of concurrent listings is limited.
/// </summary>
internal sealed class EstateListing(AgentClient calls, TimeProvider time, IOptions<CoordinatorOptions> options) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<AgentConnection, (Task<IReadOnlyList<VirtualMachine>> Listing, long Begun)> _listings = [];
    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentHostCalls);

    /// <summary>The machines of a host, at most 30 seconds old.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="cancellationToken">Cancels the wait; the listing continues for the next caller, up to its own deadline.</param>
    /// <exception cref="RpcFailure">The host could not be reached, or its response is invalid.</exception>
    public Task<IReadOnlyList<VirtualMachine>> ListRecentAsync(AgentConnection connection, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_listings.TryGetValue(connection, out var known) || (known.Listing.IsCompleted && time.GetElapsedTime(known.Begun) >= Lifetime))
            {
                known = (ListAsync(connection), time.GetTimestamp());
                _listings[connection] = known;
            }

            return known.Listing.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<IReadOnlyList<VirtualMachine>> ListAsync(AgentConnection connection)
    {
        await _slots.WaitAsync();
        try
        {
            return await calls.ListAllVirtualMachinesAsync(connection, CancellationToken.None);
        }
        finally
        {
            _slots.Release();
        }
    }
}
