using System.Net;
using HostAgent.Coordinator.Hosting;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Services;
using HostAgent.Coordinator.Store;
using HostAgent.Transport;
using Microsoft.Extensions.Configuration.Memory;

namespace HostAgent.Coordinator;

/// <summary>The coordinator as an application: used by its own process, by <c>failback demo</c> and by tests.</summary>
public static class CoordinatorApplication
{
    // A line for every request would bury what the coordinator has to say.
    private static readonly Dictionary<string, string?> QuietFrameworks = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Grpc"] = nameof(LogLevel.Warning),
    };

    /// <summary>What the command line takes, and what each switch means.</summary>
    public static IReadOnlyList<(string Switch, string Meaning)> Switches => CoordinatorSwitches.Described;

    /// <summary>
    /// Builds a coordinator from <c>appsettings.json</c>, environment variables <c>COORDINATOR__…</c> and the command line, the later
    /// before the earlier. Everything that can be wrong at a start is looked at here: settings, certificates, inventory and store.
    /// </summary>
    /// <param name="args">
    /// <c>--listen ADDRESS:PORT --data DIRECTORY --inventory FILE --certificate FILE --private-key FILE --authority FILE</c>, and any
    /// other setting as <c>--Section:Key VALUE</c>.
    /// </param>
    /// <returns>
    /// The application, not started. Once it listens it prints <c>Coordinator listens on https://ADDRESS:PORT</c> on standard output.
    /// Campaigns that were not terminal are taken up before it listens.
    /// </returns>
    /// <exception cref="CoordinatorStartException">Something is wrong; it has one readable line for each error.</exception>
    public static WebApplication Create(string[] args) => Create(args, TimeProvider.System);

    /// <summary>As the other one, by another clock.</summary>
    internal static WebApplication Create(string[] args, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(args);
        // First of all, and apart from what follows: with too few descriptors not even the libraries for the rest can be opened.
        CoordinatorStart.ReadLimits(new CoordinatorOptions(), hosts: 0);
        return Build(args, time);
    }

    private static WebApplication Build(string[] args, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(CoordinatorApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            // Settings are read once. A watch on their files would take an inotify instance for each agent of a process, of which there are 128.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        // First, so that any other source has the last word.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietFrameworks });
        CoordinatorSwitches.Add(builder.Configuration, args);

        // Standard output is for the ready line alone.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddVisibleLogs();
        // A line a request from the framework would bury what the product has to say; configuration may ask for it.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // Both do nothing unless the process was started by the Windows service control manager or by systemd.
        builder.Services.AddWindowsService(service => service.ServiceName = "FailbackCoordinator");
        builder.Services.AddSystemd();

        var options = CoordinatorStart.ReadOptions(builder.Configuration);
        var inventory = CoordinatorStart.ReadInventory(options);
        var limits = CoordinatorStart.ReadLimits(options, inventory.Count);
        var identity = CoordinatorStart.LoadIdentity(options);
        builder.Services.AddCoordinator(options, limits, inventory, identity, time);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenMutualTls(IPEndPoint.Parse(options.Listen), identity));

        var application = builder.Build();
        try
        {
            // Both are opened now, so that a store or an inventory that cannot be used is told before anything runs.
            application.Services.GetRequiredService<IEventStore>();
            application.Services.GetRequiredService<Agents.AgentRegistry>();
        }
        catch (Exception failure) when (failure is StoreUnavailableException or CoordinatorStartException)
        {
            application.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw failure as CoordinatorStartException ?? new CoordinatorStartException([failure.Message]);
        }

        application.MapSecuredGrpc();
        application.MapGrpcService<CampaignsService>();
        application.MapGrpcService<HostsService>();
        application.Lifetime.ApplicationStarted.Register(() =>
        {
            foreach (var address in application.Urls)
            {
                Console.Out.WriteLine($"Coordinator listens on {address}");
            }

            Console.Out.Flush();
        });
        return application;
    }
}
