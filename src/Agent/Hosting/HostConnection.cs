using HostAgent.Agent.Jobs;
using HostAgent.HyperV.Cim;

namespace HostAgent.Agent.Hosting;

/// <summary>The way to one host, real or simulated.</summary>
/// <param name="session">The session on its namespace.</param>
/// <param name="timing">How fast it does things.</param>
/// <param name="countInitiations">Counts the failbacks that a simulated host has accepted; null for a real one.</param>
/// <param name="simulation">What stands behind a simulated session; null for a real one.</param>
internal sealed class HostConnection(ICimSession session, HostTiming timing, Func<long>? countInitiations = null, IAsyncDisposable? simulation = null)
    : IAsyncDisposable
{
    /// <summary>The session on the host's namespace.</summary>
    public ICimSession Session => session;

    /// <summary>How fast the host does things.</summary>
    public HostTiming Timing => timing;

    /// <summary>Whether nothing real is touched.</summary>
    public bool IsSimulated => countInitiations is not null;

    /// <summary>How many failbacks the simulated host has accepted, by its own count; null for a real host.</summary>
    public long? CountInitiations() => countInitiations?.Invoke();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        if (simulation is not null)
        {
            await simulation.DisposeAsync();
        }
    }
}
