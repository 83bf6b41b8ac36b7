using HostAgent.Agent.Configuration;
using HostAgent.Agent.Jobs;
using HostAgent.Documents;
using HostAgent.Hosting;
using HostAgent.Hosting.Settings;
using HostAgent.HyperV;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Volumes;
using HostAgent.HyperV.Wmi;
using HostAgent.Texts;

namespace HostAgent.Agent.Hosting;

/// <summary>Connects to the host that the settings name: simulated, or this Windows machine.</summary>
internal static class HostConnector
{
    // The neighbour namespaces are optional; they must not use up a caller's deadline.
    private static readonly WmiSessionOptions Neighbour = new() { CallTimeout = TimeSpan.FromSeconds(8), MaxConcurrentCalls = 2 };

    private delegate Task<SimulatedHost> OpenSimulation(
        Estate estate, string host, SimulationOptions options, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Connects.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="estates">Parses the document of a simulated host.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StartException">There is no such host, or it cannot be talked to.</exception>
    public static Task<HostConnection> ConnectAsync(AgentOptions options, ParsedEstates estates, TimeProvider time, CancellationToken cancellationToken)
        => ConnectAsync(options, estates, time, SimulatedHost.OpenAsync, cancellationToken);

    /// <summary>
    /// Connects read-only. A simulated host, which another process may be serving, is opened as a copy; a real one takes any number of
    /// sessions.
    /// </summary>
    /// <exception cref="StartException">There is no such host, or it cannot be talked to.</exception>
    public static Task<HostConnection> ConnectToLookAsync(AgentOptions options, TimeProvider time, CancellationToken cancellationToken)
        => ConnectAsync(options, new ParsedEstates(), time, SimulatedHost.OpenCopyAsync, cancellationToken);

    private static Task<HostConnection> ConnectAsync(AgentOptions options, ParsedEstates estates, TimeProvider time, OpenSimulation open, CancellationToken cancellationToken)
        => options.Simulate is { } document ? SimulateAsync(document, options, estates, time, open, cancellationToken)
            : OperatingSystem.IsWindows() ? ConnectToWindowsAsync(WmiNames.ToLibrary(options.Wmi), time, cancellationToken)
            : throw new StartException(
                ["This machine is not Windows and has no Hyper-V: run the agent on a Hyper-V host, or on a simulated one with --simulate ESTATE.yaml --host NAME."]);

    private static async Task<HostConnection> ConnectToWindowsAsync(WmiLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        var neighbour = Neighbour with { Library = library };
        try
        {
            var virtualization = await WmiSession.ConnectAsync(new WmiSessionOptions { Library = library }, time, cancellationToken);
            return new HostConnection(
                new HostNamespaces(
                    virtualization,
                    WmiSession.Open(neighbour, VolumeClasses.Namespace, time),
                    WmiSession.Open(neighbour, ClusterClasses.Namespace, time)),
                HostTiming.Real);
        }
        catch (WmiUnavailableException exception)
        {
            throw new StartException([exception.Message], exception);
        }
    }

    private static async Task<HostConnection> SimulateAsync(
        string document, AgentOptions options, ParsedEstates estates, TimeProvider time, OpenSimulation open, CancellationToken cancellationToken)
    {
        var estate = await ReadAsync(document, estates, cancellationToken);
        var description = estate.FindHost(options.Host) ?? throw new StartException(
            [new SettingError(nameof(AgentOptions.Host), options.Host, $"a host of the estate '{document}': {string.Join(", ", estate.Hosts.Select(host => host.Name))}").ToLine(AgentOptions.Section)]);
        var simulation = new SimulationOptions
        {
            StateFile = Path.Combine(options.Data, $"{description.Name}.simulation"),
            PairDirectory = estate.StateDirectoryOf(document),
            Speed = options.Speed,
            Seed = options.Seed,
        };
        try
        {
            var host = await open(estate, description.Name, simulation, time, cancellationToken);
            return new HostConnection(
                host.OpenNamespaces(), HostTiming.Simulated(simulation.Speed, simulation.MinimumJobRetention), () => host.Initiations.Total, host);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The simulated host {description.Name} cannot be opened: {exception.Message}"], exception);
        }
    }

    private static async Task<Estate> ReadAsync(string document, ParsedEstates estates, CancellationToken cancellationToken)
    {
        try
        {
            return estates.Parse(await TextFile.ReadAsync(document, cancellationToken), document).Require();
        }
        catch (NotTextException exception)
        {
            throw new StartException([exception.Message], exception);
        }
        catch (DocumentException exception)
        {
            throw new StartException([.. exception.Errors.Select(error => error.Format(document))], exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The estate document '{document}' cannot be read: {exception.Message}"], exception);
        }
    }
}
