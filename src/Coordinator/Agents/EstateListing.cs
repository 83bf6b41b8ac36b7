using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Options;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Agents;

/// <summary>
/// The machines of each host as they were listed lately. Plans need to know of copies on hosts that they do not select, and of what runs at the
/// primary site: those hosts are listed at most every half minute, however many plans ask, and never without a bound.
/// </summary>
internal sealed class EstateListing(AgentClient calls, TimeProvider time, IOptions<CoordinatorOptions> options) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<AgentConnection, (Task<IReadOnlyList<VirtualMachine>> Listing, long Begun)> _listings = [];
    private readonly SemaphoreSlim _slots = new(options.Value.ConcurrentHostCalls);

    /// <summary>The machines of a host, at most half a minute old.</summary>
    /// <param name="connection">The host.</param>
    /// <param name="cancellationToken">Ends the wait; the listing goes on for the next caller, up to its own deadline.</param>
    /// <exception cref="RpcFailure">The host could not be asked, or its answer makes no sense.</exception>
    public Task<IReadOnlyList<VirtualMachine>> LatelyAsync(AgentConnection connection, CancellationToken cancellationToken)
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
