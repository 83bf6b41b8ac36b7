using System.Net;
using System.Reflection;
using HostAgent.Agent.Configuration;
using HostAgent.Agent.Guards;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Service;
using HostAgent.Hosting;
using HostAgent.Hosting.Settings;
using HostAgent.Hosting.Telemetry;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;

namespace HostAgent.Agent;

/// <summary>The agent of one Hyper-V host as an application: used by its own process, by <c>failback demo</c> and by tests.</summary>
public static partial class AgentApplication
{
    /// <summary>The name of the Windows service, which is also its source in the event log.</summary>
    public const string ServiceName = "HostAgent";

    // A campaign may check every machine of the host at once.
    private static readonly TimeSpan StopTakesAtMost = TimeSpan.FromSeconds(20);

    /// <summary>What the command line takes, and what each switch means.</summary>
    public static IReadOnlyList<(string Switch, string Meaning)> Switches => AgentSettings.CommandLine.Described;

    /// <summary>
    /// Builds an agent from <c>appsettings.json</c>, the file that <c>--settings</c> names, environment variables <c>HOSTAGENT__…</c> and the
    /// command line, the later before the earlier. Settings, certificates, journal and host are opened here, so that errors are reported before anything runs.
    /// </summary>
    /// <param name="args">
    /// <c>--settings FILE.json</c>, <c>--listen ADDRESS:PORT --data DIRECTORY --certificate FILE --private-key FILE --authority FILE</c>, for a simulated host
    /// <c>--simulate ESTATE.yaml --host NAME [--speed X] [--seed N]</c>, <c>--max-concurrent-failbacks N</c>, and any other setting as
    /// <c>--HostAgent:Key VALUE</c>.
    /// </param>
    /// <returns>
    /// The application, not started. Operations in the journal are resumed before it listens; once it listens it prints
    /// <c>Agent NAME listens on https://ADDRESS:PORT</c> on standard output.
    /// </returns>
    /// <exception cref="StartException">Something is wrong; it has one readable line for each error.</exception>
    public static Task<WebApplication> CreateAsync(string[] args) => CreateAsync(args, TestHooks.None);

    /// <summary>The same for one of many agents in this process, on simulated hosts of one estate.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="estates">Shared by the agents, so that the estate is parsed once.</param>
    /// <returns>The application, not started.</returns>
    /// <exception cref="StartException">Something is wrong; it has one readable line for each error.</exception>
    public static Task<WebApplication> CreateAsync(string[] args, ParsedEstates estates) => CreateAsync(args, TestHooks.None, estates);

    internal static Task<WebApplication> CreateAsync(string[] args, TestHooks hooks) => CreateAsync(args, hooks, new ParsedEstates());

    private static async Task<WebApplication> CreateAsync(string[] args, TestHooks hooks, ParsedEstates estates)
    {
        ArgumentNullException.ThrowIfNull(args);
        var builder = ServerApplication.CreateBuilder(typeof(AgentApplication).Assembly, ServiceName);
        var errors = new List<string>();
        AgentSettings.CommandLine.AddTo(builder.Configuration, args, errors);
        var options = SettingsReader.Read<AgentOptions>(builder.Configuration, AgentOptions.Section, errors);
        var limits = options.ToLimits(errors);
        TelemetryExport.Add(builder, "failback-agent", options.Host, errors);
        var tls = AgentSettings.RequireIdentity(options, hooks.Time, errors);
        var identity = new AgentIdentity(options.Host, VersionText(), hooks.Time.GetUtcNow());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMutualTls(IPEndPoint.Parse(options.Listen), tls));
        builder.Services.AddSingleton(estates);
        AddServices(builder.Services, options, limits, identity, tls, hooks);
        hooks.Services?.Invoke(builder.Services);

        var application = builder.Build();
        try
        {
            // Resolved at once, so that the container closes it.
            application.Services.GetRequiredService<MutualTlsIdentity>();
            await application.Services.GetRequiredService<AgentResources>().OpenAsync(CancellationToken.None);
            application.Services.GetRequiredService<HostOperations>();
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        application.MapSecuredGrpc();
        application.MapGrpcService<FailbackService>();
        application.MapGrpcService<OperationsService>();
        ServerApplication.Announce(application, $"Agent {identity.HostName}");
        if (IPEndPoint.Parse(options.Listen).Address is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            LogListensEverywhere(application.Logger, options.Listen);
        }

        LogOtherLibrary(application.Logger, options);
        return application;
    }

    private static void LogOtherLibrary(ILogger logger, AgentOptions options)
    {
        var wanted = WmiNames.ToLibrary(options.Wmi);
        if (options.Simulate is null && WmiLibraryChoice.Choose(wanted) != wanted)
        {
            var choice = WmiLibraryChoice.Inspect(wanted);
            LogOtherLibrary(logger, options.Wmi, choice.WhyNotWanted, WmiNames.Of(choice.Used));
        }
    }

    private static void AddServices(IServiceCollection services, AgentOptions options, EdgeLimits limits, AgentIdentity identity, MutualTlsIdentity tls, TestHooks hooks)
    {
        services.AddAgent(options, identity, hooks);
        services.AddSingleton(limits);
        // By factory, so that the container disposes of it.
        services.AddSingleton(_ => tls);
        services.AddSingleton<HostCallDeadline>();
        services.AddSingleton<HostQueries>();
        services.AddSingleton<OperationCalls>();
        services.AddHostedService<AgentLifetime>();
        services.AddHostedService<JournalRetention>();
        services.AddSingleton<UnfinishedCommand>();
        services.AddHostedService(provider => provider.GetRequiredService<UnfinishedCommand>());
        services.AddSingleton<UnfinishedMachines>();
        services.AddHostedService<UnfinishedWatch>();
        services.AddSingleton<OwnSteps>();
        services.AddSingleton<BootGuard>();
        services.AddHostedService(provider => provider.GetRequiredService<BootGuard>());
        services.AddHostedService<StartupDelayGuard>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTakesAtMost);
        services.AddSecuredGrpc();
        services.AddAuthorizationBuilder().AddPolicy(FailbackService.StartFailbacks, policy => policy.RequireRole(
            options.OperatorsMayFailBack ? [PeerRole.Coordinator.ToName(), PeerRole.Operator.ToName()] : [PeerRole.Coordinator.ToName()]));
    }

    internal static string VersionText()
        => typeof(AgentApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    [LoggerMessage(1002, LogLevel.Warning, "HostAgent:Wmi is {Wanted}, which cannot be loaded ({Why}); {Used} is used")]
    private static partial void LogOtherLibrary(ILogger logger, string wanted, string? why, string used);

    [LoggerMessage(1001, LogLevel.Warning, "Listens on every address of this machine ({Listen}): name one in HostAgent:Listen, or let the firewall admit the coordinator only")]
    private static partial void LogListensEverywhere(ILogger logger, string listen);
}
