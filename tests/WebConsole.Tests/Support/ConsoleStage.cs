using System.Globalization;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using HostAgent.Agent;
using HostAgent.Coordinator;
using HostAgent.Tests.Shared.Channels;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;
using CampaignsClient = HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsClient;
using HostsClient = HostAgent.Contracts.Campaigns.V1.Hosts.HostsClient;
using ReturnsClient = HostAgent.Contracts.Campaigns.V1.Returns.ReturnsClient;

namespace HostAgent.WebConsole.Tests.Support;

/// <summary>Simulated hosts with a real agent on each, a real coordinator over them, and its console.</summary>
internal sealed class ConsoleStage : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("console-");
    private readonly Dictionary<string, (WebApplication? Agent, string[] Arguments)> _agents = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _clients = [];
    private WebApplication _coordinator = null!;

    public Pki Pki { get; } = new();

    /// <summary>Where the console listens.</summary>
    public Uri Console => new(CoordinatorApplication.ConsoleAddresses(_coordinator).Single());

    public bool HasConsole => CoordinatorApplication.ConsoleAddresses(_coordinator).Count > 0;

    /// <summary>Where the coordinator listens.</summary>
    public Uri Coordinator => new(CoordinatorApplication.Addresses(_coordinator).Single());

    public CampaignsClient Campaigns { get; private set; } = null!;

    public HostsClient Hosts { get; private set; } = null!;

    public ReturnsClient Returns { get; private set; } = null!;

    /// <param name="estate">The document of the simulated hosts; null for no host.</param>
    /// <param name="hosts">Its hosts, each with what the inventory says of it.</param>
    /// <param name="speed">How many times faster than real hosts they work.</param>
    /// <param name="withConsole">Whether it has a console.</param>
    /// <param name="arguments">What else is on the coordinator's command line.</param>
    public static async Task<ConsoleStage> StartAsync(string? estate = null, IReadOnlyDictionary<string, string>? hosts = null, double speed = 300, bool withConsole = true, params string[] arguments)
    {
        var stage = new ConsoleStage();
        try
        {
            await stage.StartAgentsAsync(estate, hosts ?? new Dictionary<string, string>(StringComparer.Ordinal), speed);
            await stage.StartCoordinatorAsync(withConsole ? ["--console", "127.0.0.1:0", .. arguments] : arguments);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client as a browser is one: HTTP/1.1 or 2, with a certificate or without.</summary>
    public HttpClient Browser(X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificate is null ? null : [certificate],
                LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = (_, shown, _, _) => Pki.IsCoordinators(shown),
            },
        };
        var client = new HttpClient(handler) { BaseAddress = Console, Timeout = Patience };
        _clients.Add(client);
        return client;
    }

    /// <summary>Opens a page's connection, as the framework's script does.</summary>
    /// <param name="certificate">The person's.</param>
    /// <param name="origin">The page that opens it; null for none, and unset for the console's own.</param>
    public async Task<ClientWebSocket> ConnectAsync(X509Certificate2 certificate, string? origin = "")
    {
        var socket = new ClientWebSocket();
        socket.Options.ClientCertificates.Add(certificate);
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => Pki.IsCoordinators(shown);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin.Length == 0 ? Console.GetLeftPart(UriPartial.Authority) : origin);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(Console) { Scheme = "wss", Path = "/_blazor" }.Uri, TestContext.Current.CancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public GrpcChannel Connect(PeerRole role, string name)
    {
        var channel = PatientChannel.Create(Coordinator, Pki.Identity(role, name), PeerRole.Coordinator);
        _clients.Add(channel);
        return channel;
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Waited {patience ?? Patience} in vain for: {what}.", late);
            }
        }
    }

    public async Task StopCoordinatorAsync()
    {
        if (_coordinator is { } coordinator)
        {
            _coordinator = null!;
            await coordinator.StopAsync();
            await coordinator.DisposeAsync();
        }
    }

    /// <summary>A host's agent goes, so that the host does not answer any more.</summary>
    public async Task StopAgentAsync(string host)
    {
        if (_agents[host] is (Agent: { } agent, Arguments: var arguments))
        {
            _agents[host] = (null, arguments);
            await agent.StopAsync();
            await agent.DisposeAsync();
        }
    }

    /// <summary>The agent comes back where it was.</summary>
    public async Task StartAgentAgainAsync(string host)
    {
        var arguments = _agents[host].Arguments;
        var agent = await AgentApplication.CreateAsync(arguments);
        _agents[host] = (agent, arguments);
        await agent.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await StopCoordinatorAsync();
        foreach (var host in _agents.Keys.ToList())
        {
            await StopAgentAsync(host);
        }

        Pki.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task StartAgentsAsync(string? estate, IReadOnlyDictionary<string, string> hosts, double speed)
    {
        var document = Path.Combine(_directory.FullName, "estate.yaml");
        await File.WriteAllTextAsync(document, estate);
        var inventory = "apiVersion: failback/v1\nkind: Inventory\nhosts:\n";
        foreach (var (host, sites) in hosts)
        {
            var files = Pki.Files(PeerRole.Agent, host);
            string[] arguments =
            [
                "--data", Directory.CreateDirectory(Path.Combine(_directory.FullName, host)).FullName,
                "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
                "--simulate", document, "--host", host, "--speed", speed.ToString(CultureInfo.InvariantCulture), "--seed", "1",
                "--Logging:LogLevel:Default", "None",
            ];
            var agent = await AgentApplication.CreateAsync(["--listen", "127.0.0.1:0", .. arguments]);
            _agents[host] = (agent, arguments);
            await agent.StartAsync();
            var address = new Uri(agent.Urls.Single());
            _agents[host] = (agent, ["--listen", $"127.0.0.1:{address.Port.ToString(CultureInfo.InvariantCulture)}", .. arguments]);
            inventory += $"  - {{name: {host}, address: '{agent.Urls.Single()}', {sites}}}\n";
        }

        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "hosts.yaml"), hosts.Count == 0 ? inventory + "  - {name: nowhere, address: 'https://127.0.0.1:1', site: west, primarySite: east}\n" : inventory);
    }

    private async Task StartCoordinatorAsync(string[] arguments)
    {
        var files = Pki.Files(PeerRole.Coordinator, "coordinator");
        await File.WriteAllTextAsync(Pki.Denied, "# nobody\n");
        _coordinator = CoordinatorApplication.Create(
        [
            "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, "coordinator"), "--inventory", Path.Combine(_directory.FullName, "hosts.yaml"),
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!, "--denied", Pki.Denied,
            "--Coordinator:ProbeInterval", "00:00:01", "--Logging:LogLevel:Default", "None", .. arguments,
        ]);
        await _coordinator.StartAsync();
        var channel = Connect(PeerRole.Operator, "maria");
        (Campaigns, Hosts, Returns) = (new(channel), new(channel), new(channel));
    }
}
