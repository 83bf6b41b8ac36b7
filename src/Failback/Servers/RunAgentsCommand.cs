using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using HostAgent.Cli;
using HostAgent.Cli.Commands;
using HostAgent.Documents;
using HostAgent.Failback.Certificates;
using HostAgent.Failback.Estates;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace HostAgent.Failback.Servers;

/// <summary>
/// The verb run-agents: an agent for each simulated host of an estate, all in this process, each with its own port, certificate and data. What they are to each other and to
/// a coordinator is the same as in processes of their own.
/// </summary>
internal sealed class RunAgentsCommand : Command
{
    private const int DaysOfCertificates = 30;

    private readonly CommandEnvironment _environment;
    private readonly Argument<string> _estate = EstateFile.Argument();
    private readonly Option<string> _directory = new("--directory")
    {
        HelpName = "DIR",
        Required = true,
        Description = "Where their certificates and data are, and the inventory hosts.yaml is written; an existing authority (ca.pem, ca-key.pem) in it is reused.",
    };

    private readonly Option<string> _address = new("--address") { HelpName = "IP", Description = "The address to listen on. Default: 127.0.0.1.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _firstPort = NumberOption.Create("--first-port", "The port of the first host; the next host has the next one (0: free ones)", 0, 0, 65_535);
    private readonly Option<string[]> _hosts = new("--host") { HelpName = "GLOB", Description = "Only hosts whose name fits, for example dr-*. May be given several times. Default: all." };
    private readonly Option<double> _speed = NumberOption.Create("--speed", "How many times faster than real hosts they work", 1d, 0.001, 100_000d);
    private readonly Option<int> _seed = NumberOption.Create("--seed", "Seed of everything that the hosts draw", 0, 0, int.MaxValue);

    public RunAgentsCommand(CommandContext context)
        : base("run-agents", "Run the agents of an estate's simulated hosts in one process, until it is stopped.")
    {
        _environment = context.Environment;
        Add(_estate);
        foreach (Option option in (Option[])[_directory, _address, _firstPort, _hosts, _speed, _seed])
        {
            Add(option);
        }

        SetAction((parsed, cancellationToken) => RunAsync(parsed, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var document = parsed.GetRequiredValue(_estate);
        var address = Address(parsed.GetRequiredValue(_address));
        var estate = await EstateFile.ReadAsync(document, cancellationToken);
        var hosts = Select(estate, parsed.GetValue(_hosts) ?? []);
        var firstPort = parsed.GetValue(_firstPort);
        if (firstPort > 0 && firstPort + hosts.Count - 1 > ushort.MaxValue)
        {
            throw new CommandException(ExitCode.Invalid, string.Create(CultureInfo.InvariantCulture, $"--first-port: \"{firstPort}\" is not allowed; {hosts.Count} hosts need ports up to {firstPort + hosts.Count - 1}, and the last one is {ushort.MaxValue}."));
        }

        var directory = Path.GetFullPath(parsed.GetRequiredValue(_directory));
        var identities = Issue(directory, hosts, address);
        await using var agents = new RunningAgents();
        await agents.StartAsync(hosts, (host, index) =>
        [
            "--listen", new IPEndPoint(address, firstPort == 0 ? 0 : firstPort + index).ToString(),
            "--data", OwnDirectory(Path.Combine(directory, "data", host.Name)),
            "--certificate", identities[host.Name].CertificatePath!,
            "--private-key", identities[host.Name].PrivateKeyPath!,
            "--authority", identities[host.Name].AuthorityPath!,
            "--simulate", document,
            "--host", host.Name,
            "--speed", parsed.GetValue(_speed).ToString("R", CultureInfo.InvariantCulture),
            "--seed", parsed.GetValue(_seed).ToString(CultureInfo.InvariantCulture),
        ], cancellationToken);
        var inventory = Path.Combine(directory, "hosts.yaml");
        await OutputFile.WriteAsync(inventory, "the inventory", EstateInventory.Write(new Estate { Hosts = hosts }, agents.Addresses), cancellationToken);
        await _environment.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{hosts.Count} agents listen; inventory: {inventory}"));
        await agents.WaitAsync(cancellationToken);
        return ExitCode.Success;
    }

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
        ? address
        : throw new CommandException(ExitCode.Invalid, $"--address: \"{text}\" is not allowed; expected one IP address of this machine, for example 127.0.0.1.");

    private static List<SimulatedHostDescription> Select(Estate estate, string[] patterns)
    {
        var globs = patterns.Select(pattern => new Glob(pattern)).ToList();
        List<SimulatedHostDescription> hosts = [.. estate.Hosts.Where(host => globs.Count == 0 || globs.Exists(glob => glob.Matches(host.Name)))];
        return hosts.Count > 0
            ? hosts
            : throw new CommandException(ExitCode.Invalid, $"--host: no host fits {string.Join(", ", patterns)}; the estate has {string.Join(", ", estate.Hosts.Take(20).Select(host => host.Name))}{(estate.Hosts.Count > 20 ? ", …" : string.Empty)}.");
    }

    private Dictionary<string, MutualTlsOptions> Issue(string directory, List<SimulatedHostDescription> hosts, IPAddress address)
    {
        try
        {
            OwnDirectory(directory);
            using var authority = AuthorityDirectory.Open(directory, _environment);
            return hosts.ToDictionary(
                host => host.Name,
                host => authority.Issue(PeerRole.Agent, host.Name, TimeSpan.FromDays(DaysOfCertificates), IPAddress.IsLoopback(address) ? ["localhost"] : [], [address]).WriteTo(directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandException(ExitCode.Failed, $"Creating certificates in {directory} failed: {exception.Message}");
        }
    }

    // An agent refuses data that others can read.
    private static string OwnDirectory(string path)
        => OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}

/// <summary>Several agents in this process. Disposing it stops them.</summary>
internal sealed class RunningAgents : IAsyncDisposable
{
    private readonly List<(string Name, WebApplication Application)> _agents = [];
    private readonly Lock _gate = new();

    /// <summary>The address of each agent by its host.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses => _agents.ToDictionary(agent => agent.Name, agent => new Uri(agent.Application.Urls.Single()));

    /// <summary>Starts one for each host, several in parallel.</summary>
    /// <exception cref="CommandException">One did not start; the lines say why.</exception>
    public Task StartAsync(List<SimulatedHostDescription> hosts, Func<SimulatedHostDescription, int, string[]> arguments, CancellationToken cancellationToken)
    {
        var beside = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken };
        var program = NodeProgram.AgentsTogether();
        return Parallel.ForEachAsync(hosts.Index(), beside, async (host, token) =>
        {
            try
            {
                var application = await program.CreateAsync(arguments(host.Item, host.Index));
                lock (_gate)
                {
                    _agents.Add((host.Item.Name, application));
                }

                await application.StartAsync(token);
            }
            catch (Exception exception) when (NodeProgram.Refusal(exception) is { } lines)
            {
                throw new CommandException(ExitCode.Invalid, [.. lines.Select(line => $"{host.Item.Name} did not start: {line}")]);
            }
        });
    }

    /// <summary>Waits until one of them is stopped, as a signal stops all.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
        => await Task.WhenAny(_agents.Select(agent => agent.Application.WaitForShutdownAsync(cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_agents.Select(StopAsync));

    private static async Task StopAsync((string Name, WebApplication Application) agent)
    {
        await agent.Application.StopAsync();
        await agent.Application.DisposeAsync();
    }
}
