using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// Two simulated hosts that replicate to each other: what one does to the other's machine happens there, at its time. Machines belong together by their GUID.
/// Which writes are on whose disks is known exactly.
/// </summary>
public sealed class SimulatedPair : IAsyncDisposable
{
    private readonly ReplicationLink _link;

    private SimulatedPair(SimulatedHost first, SimulatedHost second, ReplicationLink link) => (First, Second, _link) = (first, second, link);

    /// <summary>One host; of an estate's pair the one at home.</summary>
    public SimulatedHost First { get; }

    /// <summary>The other one; of an estate's pair the one at the recovery site.</summary>
    public SimulatedHost Second { get; }

    /// <summary>Starts both hosts, or continues them from their state files, and joins them in this process alone.</summary>
    /// <param name="first">One host's initial state.</param>
    /// <param name="second">The other's.</param>
    /// <param name="firstOptions">Its options.</param>
    /// <param name="secondOptions">The other's.</param>
    /// <param name="time">The clock of both.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">A description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">A state file is in use by another process, damaged, or belongs to another host.</exception>
    public static Task<SimulatedPair> OpenAsync(
        SimulatedHostDescription first,
        SimulatedHostDescription second,
        SimulationOptions firstOptions,
        SimulationOptions secondOptions,
        TimeProvider time,
        CancellationToken cancellationToken = default)
        => OpenAsync(first, second, new SimulatedLinkDescription(), firstOptions, secondOptions, time, cancellationToken);

    /// <summary>The same over a link that is not perfect.</summary>
    /// <param name="first">One host's initial state.</param>
    /// <param name="second">The other's.</param>
    /// <param name="link">The link.</param>
    /// <param name="firstOptions">The first host's options.</param>
    /// <param name="secondOptions">The other's.</param>
    /// <param name="time">The clock of both.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">A description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">A state file is in use by another process, damaged, or belongs to another host.</exception>
    public static async Task<SimulatedPair> OpenAsync(
        SimulatedHostDescription first,
        SimulatedHostDescription second,
        SimulatedLinkDescription link,
        SimulationOptions firstOptions,
        SimulationOptions secondOptions,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(firstOptions);
        ArgumentNullException.ThrowIfNull(secondOptions);
        var one = await SimulatedHost.OpenAsync(PairedHosts.Describe(first, second, link), PairedHosts.Adapt(firstOptions, link), time, cancellationToken).ConfigureAwait(false);
        try
        {
            var other = await SimulatedHost.OpenAsync(PairedHosts.Describe(second, first, link), PairedHosts.Adapt(secondOptions, link), time, cancellationToken).ConfigureAwait(false);
            return new SimulatedPair(one, other, one.JoinTo(other, link));
        }
        catch
        {
            await one.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Opens both hosts of an estate's pair beside whoever serves them, in this process or others: to see both, to compare them, to cut their link, or to take a
    /// host's power away.
    /// </summary>
    /// <param name="estate">The estate.</param>
    /// <param name="pair">One of its pairs.</param>
    /// <param name="options">Options; <see cref="SimulationOptions.PairDirectory"/> is required.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">The estate or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">A file is damaged, belongs to another host, or cannot be opened.</exception>
    public static Task<SimulatedPair> OpenAsync(Estate estate, SimulatedPairDescription pair, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
        => SimulatedHost.OpenPairAsync(estate, pair, options, time, serves: null, (home, recovery, link) => new SimulatedPair(home, recovery, link), cancellationToken);

    /// <summary>Cuts the link between the hosts: what is under way between them fails, and nothing more arrives.</summary>
    /// <param name="towards">The host that nothing reaches, by name; what it sends still arrives. Null (the default): both.</param>
    /// <exception cref="ArgumentException">Neither host has that name.</exception>
    /// <exception cref="CimException">The state files cannot be used.</exception>
    public void CutLink(string? towards = null) => _link.Set(cut: true, Require(towards));

    /// <summary>Restores the link.</summary>
    /// <param name="towards">The host that is reached again, by name. Null (the default): both.</param>
    /// <exception cref="ArgumentException">Neither host has that name.</exception>
    /// <exception cref="CimException">The state files cannot be used.</exception>
    public void RestoreLink(string? towards = null) => _link.Set(cut: false, Require(towards));

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
        _link.Dispose();
    }

    private string? Require(string? host)
        => host is null || Array.Exists([First.Description.Name, Second.Description.Name], name => string.Equals(name, host, StringComparison.OrdinalIgnoreCase))
            ? host
            : throw new ArgumentException($"'{host}' is not a host of the pair; it must be {First.Description.Name} or {Second.Description.Name}.", nameof(host));
}

/// <summary>What a pair changes in the descriptions and options of its hosts.</summary>
internal static class PairedHosts
{
    public static SimulatedHostDescription Describe(SimulatedHostDescription host, SimulatedHostDescription peer, SimulatedLinkDescription link) => host with
    {
        PeerServer = SiteNames.Recovery(peer),
        LinkMegabitsPerSecond = link.MegabitsPerSecond ?? host.LinkMegabitsPerSecond,
    };

    public static SimulationOptions Adapt(SimulationOptions options, SimulatedLinkDescription link)
        => options with { WaitsForPeer = true, StreamMegabitsPerSecond = link.StreamMegabitsPerSecond };
}
