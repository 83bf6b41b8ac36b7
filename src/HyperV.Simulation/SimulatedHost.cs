using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// A whole Hyper-V host that outlives the process: its past stands in the state file, and its jobs advance with the (scaled) clock
/// even while no process is up.
/// </summary>
public sealed class SimulatedHost : IAsyncDisposable
{
    private SimulatedHost(SimulatedHostDescription description) => Description = description;

    /// <summary>What the host was when the simulation began.</summary>
    public SimulatedHostDescription Description { get; }

    /// <summary>What the host has counted itself: the InitiateFailback calls that took effect.</summary>
    public InitiationCount Initiations { get; } = new([]);

    /// <summary>Starts the host, or continues it from its state file.</summary>
    /// <param name="description">What the host is when the simulation begins.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the reading of the state file.</param>
    /// <exception cref="IOException">The state file is in use by another process, or belongs to another host, or is damaged.</exception>
    public static Task<SimulatedHost> OpenAsync(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new SimulatedHost(description));
    }

    /// <summary>Opens a session on the host's <c>root\virtualization\v2</c>. Any number may be open at once.</summary>
#pragma warning disable CA1822 // replaced by the engine in the next step
    public ICimSession OpenSession() => throw new NotSupportedException("The simulated host's engine follows.");
#pragma warning restore CA1822

    /// <summary>Closes the state file. The host lives on in it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
