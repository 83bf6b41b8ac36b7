using HostAgent.Agent.Jobs;
using HostAgent.HyperV;

namespace HostAgent.Agent.Hosting;

/// <summary>The way to one host, real or simulated.</summary>
/// <param name="namespaces">The sessions on its namespaces.</param>
/// <param name="timing">How fast it does things.</param>
/// <param name="countInitiations">Counts the failbacks that a simulated host has accepted; null for a real one.</param>
/// <param name="simulation">The simulated host; null for a real one.</param>
internal sealed class HostConnection(HostNamespaces namespaces, HostTiming timing, Func<long>? countInitiations = null, IAsyncDisposable? simulation = null)
    : IAsyncDisposable
{
    /// <summary>The sessions on the host's namespaces.</summary>
    public HostNamespaces Namespaces => namespaces;

    /// <summary>How fast the host does things.</summary>
    public HostTiming Timing => timing;

    /// <summary>Whether nothing real is touched.</summary>
    public bool IsSimulated => countInitiations is not null;

    /// <summary>How many failbacks the simulated host has accepted, by its own count; null for a real host.</summary>
    public long? CountInitiations() => countInitiations?.Invoke();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in namespaces.Sessions)
        {
            await session.DisposeAsync();
        }

        if (simulation is not null)
        {
            await simulation.DisposeAsync();
        }
    }
}
