using System.Globalization;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation;

/// <content>How a host is opened: alone, as one of a pair, or as a copy.</content>
public sealed partial class SimulatedHost
{
    /// <summary>Starts the host, or continues it from its state file.</summary>
    /// <param name="description">The host's initial state.</param>
    /// <param name="options">Simulation options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading the state file.</param>
    /// <exception cref="ArgumentException">The description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">The state file is in use by another process, damaged, or belongs to another host.</exception>
    public static Task<SimulatedHost> OpenAsync(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
        => OpenAsync(description, options, time, HostEngine.Open, cancellationToken);

    /// <summary>
    /// Starts a host of an estate, or continues it. A host of a pair shares its files, in <see cref="SimulationOptions.PairDirectory"/>, with the process that serves
    /// the other host: each sees what the other does at once, and whoever is killed is only no longer a client; the hosts continue in their files.
    /// </summary>
    /// <param name="estate">The estate.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="options">Simulation options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">The estate has no such host, or a description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">The host is already running, or a file is damaged, belongs to another host or cannot be opened.</exception>
    public static Task<SimulatedHost> OpenAsync(Estate estate, string host, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var description = Require(estate, host);
        return estate.FindPair(host) is not { } pair
            ? OpenAsync(description, options, time, cancellationToken)
            : OpenPairAsync(estate, pair, options, time, description.Name, Own, cancellationToken);

        SimulatedHost Own(SimulatedHost home, SimulatedHost recovery, ReplicationLink link)
        {
            var own = home.Description.Name == description.Name ? home : recovery;
            own._link = new OtherHost(own == home ? recovery : home, link);
            return own;
        }
    }

    /// <summary>Opens an in-memory copy of a host of an estate, as <see cref="OpenCopyAsync(SimulatedHostDescription, SimulationOptions, TimeProvider, CancellationToken)"/> does; of a pair, with a copy of the other host.</summary>
    /// <param name="estate">The estate.</param>
    /// <param name="host">The host's name.</param>
    /// <param name="options">Simulation options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    /// <exception cref="ArgumentException">The estate has no such host, or a description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">A state file is damaged, or belongs to another host.</exception>
    /// <exception cref="IOException">A state file cannot be read.</exception>
    public static async Task<SimulatedHost> OpenCopyAsync(Estate estate, string host, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var description = Require(estate, host);
        if (estate.FindPair(host) is not { } pair)
        {
            return await OpenCopyAsync(description, options, time, cancellationToken).ConfigureAwait(false);
        }

        var (home, recovery) = PairOf(estate, pair);
        using var shared = SharedLink.OpenExisting(RequireDirectory(options, pair), home.Name, recovery.Name);
        shared?.Take();
        var one = await CopyAsync(home, recovery).ConfigureAwait(false);
        var other = await CopyAsync(recovery, home).ConfigureAwait(false);
        var link = one.JoinTo(other, pair.Link, shared?.Records.ReadNew() ?? []);
        var (own, peer) = description == home ? (one, other) : (other, one);
        own._link = new OtherHost(peer, link);
        return own;

        Task<SimulatedHost> CopyAsync(SimulatedHostDescription copied, SimulatedHostDescription beside) => OpenCopyAsync(
            PairedHosts.Describe(copied, beside, pair.Link),
            PairedHosts.Adapt(options, pair.Link) with { StateFile = PathOf(options.PairDirectory!, copied) }, time, cancellationToken);
    }

    /// <summary>
    /// Opens an in-memory copy of the host from its state file, or from the description if there is none. The file is only read, even
    /// while another process serves the host; changes to the copy stay in the copy.
    /// </summary>
    /// <param name="description">The host's initial state.</param>
    /// <param name="options">Simulation options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels reading the state file.</param>
    /// <exception cref="ArgumentException">The description or the options are invalid; the message lists every error.</exception>
    /// <exception cref="StateFileException">The state file is damaged, or belongs to another host.</exception>
    /// <exception cref="IOException">The state file cannot be read.</exception>
    public static Task<SimulatedHost> OpenCopyAsync(
        SimulatedHostDescription description, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken = default)
        => OpenAsync(description, options, time, HostEngine.OpenCopy, cancellationToken);

    /// <summary>Opens both hosts of an estate's pair over the files that they share.</summary>
    /// <param name="estate">The estate.</param>
    /// <param name="pair">One of its pairs.</param>
    /// <param name="options">Options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="serves">The host that this process alone serves; null for none.</param>
    /// <param name="create">Makes the result of the host at home, the one at the recovery site, and their link.</param>
    /// <param name="cancellationToken">Cancels reading the state files.</param>
    internal static Task<T> OpenPairAsync<T>(
        Estate estate,
        SimulatedPairDescription pair,
        SimulationOptions options,
        TimeProvider time,
        string? serves,
        Func<SimulatedHost, SimulatedHost, ReplicationLink, T> create,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(time);
        var (home, recovery) = PairOf(estate, pair);
        Require(home, options, time);
        Require(recovery, options, time);
        var directory = RequireDirectory(options, pair);
        var adapted = PairedHosts.Adapt(options, pair.Link);
        return Task.Run(
            () =>
            {
                var opened = new Stack<IDisposable>();
                try
                {
                    var files = new[] { home, recovery }.Select(host => Keep(StateFile.OpenShared(PathOf(directory, host), options.FlushToDisk, host.Name == serves))).ToList();
                    var shared = Keep(SharedLink.Open(directory, home.Name, recovery.Name, options.FlushToDisk));
                    shared.Take();
                    var one = Keep(HostEngine.OpenShared(PairedHosts.Describe(home, recovery, pair.Link), adapted, time, files[0]));
                    var other = Keep(HostEngine.OpenShared(PairedHosts.Describe(recovery, home, pair.Link), adapted, time, files[1]));
                    var link = Keep(ReplicationLink.Share(shared, one, other, pair.Link));
                    shared.Release();
                    if (serves is not null)
                    {
                        var own = serves == home.Name ? one : other;
                        own.SetPace(HostEngine.PaceOf(own.World.Description, adapted));
                    }

                    return create(
                        new SimulatedHost(one.World.Description, adapted, time, one), new SimulatedHost(other.World.Description, adapted, time, other), link);
                }
                catch
                {
                    while (opened.TryPop(out var one))
                    {
                        one.Dispose();
                    }

                    throw;
                }

                T1 Keep<T1>(T1 one)
                    where T1 : IDisposable
                {
                    opened.Push(one);
                    return one;
                }
            },
            cancellationToken);
    }

    private static SimulatedHostDescription Require(Estate estate, string host)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return estate.FindHost(host)
            ?? throw new ArgumentException($"The estate has no host '{host}'; it has {string.Join(", ", estate.Hosts.Select(one => one.Name))}.", nameof(host));
    }

    private static (SimulatedHostDescription Home, SimulatedHostDescription Recovery) PairOf(Estate estate, SimulatedPairDescription pair)
        => (Require(estate, pair.Home), Require(estate, pair.Recovery));

    private static string RequireDirectory(SimulationOptions options, SimulatedPairDescription pair) => options.PairDirectory
        ?? throw new ArgumentException($"PairDirectory is missing; {pair.Home} and {pair.Recovery} are a pair and share the files in it.", nameof(options));

    private static string PathOf(string directory, SimulatedHostDescription host) => Path.Combine(directory, $"{host.Name}.simulation");

    private static Task<SimulatedHost> OpenAsync(
        SimulatedHostDescription description,
        SimulationOptions options,
        TimeProvider time,
        Func<SimulatedHostDescription, SimulationOptions, TimeProvider, HostEngine> open,
        CancellationToken cancellationToken)
    {
        Require(description, options, time);
        return Task.Run(
            () =>
            {
                var engine = open(description, options, time);
                try
                {
                    return new SimulatedHost(description, options, time, engine);
                }
                catch
                {
                    engine.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    private static void Require(SimulatedHostDescription description, SimulationOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        DescriptionRules.Require(description);
        if (!(options.Speed > 0 && double.IsFinite(options.Speed)))
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Speed is {options.Speed}; it must be a number above 0."), nameof(options));
        }

        if (options.CompactAbove < 1)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"CompactAbove is {options.CompactAbove}; it must be at least 1."), nameof(options));
        }
    }
}
