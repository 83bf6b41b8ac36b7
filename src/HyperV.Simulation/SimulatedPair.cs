using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// Two simulated hosts that replicate to each other in one process: what one does to the other's machine happens there, at its time. Machines belong
/// together by their GUID. Which writes are on whose disks is known exactly.
/// </summary>
public sealed class SimulatedPair : IAsyncDisposable
{
    private readonly ReplicationLink _link;

    private SimulatedPair(SimulatedHost first, SimulatedHost second)
    {
        (First, Second) = (first, second);
        _link = first.JoinTo(second);
    }

    /// <summary>One host.</summary>
    public SimulatedHost First { get; }

    /// <summary>The other one.</summary>
    public SimulatedHost Second { get; }

    /// <summary>Starts both hosts, or continues them from their state files, and joins them.</summary>
    /// <param name="first">One host's initial state.</param>
    /// <param name="second">The other's.</param>
    /// <param name="firstOptions">Its options.</param>
    /// <param name="secondOptions">The other's.</param>
    /// <param name="time">The clock of both.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">A description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">A state file is in use by another process, damaged, or belongs to another host.</exception>
    public static async Task<SimulatedPair> OpenAsync(
        SimulatedHostDescription first,
        SimulatedHostDescription second,
        SimulationOptions firstOptions,
        SimulationOptions secondOptions,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(firstOptions);
        ArgumentNullException.ThrowIfNull(secondOptions);
        var one = await SimulatedHost.OpenAsync(first, firstOptions with { WaitsForPeer = true }, time, cancellationToken).ConfigureAwait(false);
        try
        {
            var other = await SimulatedHost.OpenAsync(second, secondOptions with { WaitsForPeer = true }, time, cancellationToken).ConfigureAwait(false);
            return new SimulatedPair(one, other);
        }
        catch
        {
            await one.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Cuts the link between the hosts: what is under way between them fails, and nothing more arrives.</summary>
    public void CutLink() => _link.Set(up: false);

    /// <summary>Restores the link.</summary>
    public void RestoreLink() => _link.Set(up: true);

    /// <summary>Compares what both hosts have of a machine now.</summary>
    /// <param name="virtualMachineId">The machine.</param>
    /// <exception cref="ArgumentException">One of the hosts does not have it.</exception>
    /// <exception cref="CimException">A host is closed.</exception>
    public PairContent Compare(Guid virtualMachineId) => _link.Compare(virtualMachineId)
        ?? throw new ArgumentException($"{First.Description.Name} and {Second.Description.Name} do not both have virtual machine {virtualMachineId}.", nameof(virtualMachineId));

    /// <summary>Closes both hosts. They continue in their state files.</summary>
    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync().ConfigureAwait(false);
        await Second.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>Which writes of a machine are where.</summary>
/// <param name="FirstHasAll">The first host has every write that the second has.</param>
/// <param name="SecondHasAll">The second host has every write that the first has.</param>
/// <param name="FirstIsMixed">The first host's disks have parts of two histories, and must not be started.</param>
/// <param name="SecondIsMixed">The second host's disks have.</param>
public sealed record PairContent(bool FirstHasAll, bool SecondHasAll, bool FirstIsMixed, bool SecondIsMixed);
