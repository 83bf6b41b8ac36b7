using System.Net;
using HostAgent.Coordinator.Hosting;
using HostAgent.Coordinator.Notifications.Outbox;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Services;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.States;
using HostAgent.Hosting;
using HostAgent.Hosting.Settings;
using HostAgent.Hosting.Telemetry;
using HostAgent.Transport;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Servers;
using Microsoft.Extensions.Hosting.WindowsServices;

namespace HostAgent.Coordinator;

/// <summary>The coordinator as an application: used by its own process, by <c>failback demo</c> and by tests.</summary>
public static class CoordinatorApplication
{
    /// <summary>The command line switches and their meanings.</summary>
    public static IReadOnlyList<(string Switch, string Meaning)> Switches => CoordinatorSettings.CommandLine.Described;

    /// <summary>
    /// Builds a coordinator from <c>appsettings.json</c>, environment variables <c>COORDINATOR__…</c> and the command line; later sources
    /// override earlier ones. Settings, certificates, inventory and store are checked here, so that all errors are reported before anything runs.
    /// </summary>
    /// <param name="args">
    /// <c>--listen ADDRESS:PORT --data DIRECTORY --inventory FILE --certificate FILE --private-key FILE --authority FILE</c>, and any
    /// other setting as <c>--Section:Key VALUE</c>.
    /// </param>
    /// <returns>
    /// The application, not started. Once it listens it prints <c>Coordinator listens on https://ADDRESS:PORT</c> on standard output, and with a console a second such line.
    /// Campaigns that have not ended are resumed before it listens.
    /// </returns>
    /// <exception cref="StartException">The coordinator cannot start; the exception has one readable line for each error.</exception>
    public static WebApplication Create(string[] args) => Create(args, TimeProvider.System);

    /// <summary>Where a started coordinator listens.</summary>
    /// <param name="application">What <see cref="Create(string[])"/> has made.</param>
    public static IReadOnlyList<string> Addresses(WebApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        // The door within the process is no address that anybody else could use.
        return [.. application.Urls.Where(url => url != application.Services.GetService<InProcessServer>()?.Address)];
    }

    /// <summary>Where the console of a started coordinator listens; empty without one.</summary>
    /// <param name="application">What <see cref="Create(string[])"/> has made.</param>
    public static IReadOnlyList<string> ConsoleAddresses(WebApplication application)
    {
        ArgumentNullException.ThrowIfNull(application);
        return application.Services.GetService<ConsoleHost>()?.Addresses ?? [];
    }

    /// <summary>The same with another clock, and with services that tests change after they were added; not reachable from configuration.</summary>
    internal static WebApplication Create(string[] args, TimeProvider time, Action<IServiceCollection>? change = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        var builder = ServerApplication.CreateBuilder(typeof(CoordinatorApplication).Assembly, "FailbackCoordinator");
        // Does nothing unless systemd started the process.
        builder.Services.AddSystemd();

        var errors = new List<string>();
        CoordinatorSettings.CommandLine.AddTo(builder.Configuration, args, errors);
        var options = SettingsReader.Read<CoordinatorOptions>(builder.Configuration, CoordinatorOptions.Section, errors);
        if (OwnerOnly.ErrorOfDirectory(options.Data) is { } exposed)
        {
            errors.Add($"{CoordinatorOptions.Section}:{nameof(options.Data)}: {exposed}.");
        }

        if (options.Store.Standby && WindowsServiceHelpers.IsWindowsService())
        {
            errors.Add($"{CoordinatorOptions.Section}:{nameof(options.Store)}:{nameof(options.Store.Standby)} is 'true'; it must be false in a Windows service, which has to be at work 30 seconds after it was started.");
        }

        TelemetryExport.Add(builder, "failback-coordinator", Guid.NewGuid().ToString("D"), errors);
        var inventory = CoordinatorSettings.ReadInventory(options, errors);
        var limits = options.ToLimits(inventory.Count, errors);
        var identity = CoordinatorSettings.TryLoadIdentity(options, errors);
        if (identity is null || errors.Count > 0)
        {
            identity?.Dispose();
            throw new StartException(errors);
        }

        builder.Services.AddCoordinator(options, limits, inventory, identity, time);
        change?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenMutualTls(IPEndPoint.Parse(options.Listen), identity, acceptsRelayed: options.Store.Kind == StoreOptions.PostgreSql);
            if (kestrel.ApplicationServices.GetService<InProcessServer>() is { } door)
            {
                kestrel.ListenInProcess(door);
            }
        });

        var application = builder.Build();
        try
        {
            // Opened now, so that an unusable store or inventory is reported before anything runs.
            application.Services.GetRequiredService<IEventStore>();
            application.Services.GetRequiredService<IStateStore>();
            application.Services.GetRequiredService<Agents.AgentRegistry>();
            if (options.Notifications.Channels.Count > 0)
            {
                application.Services.GetRequiredService<IOutboxStore>();
            }

            // Nothing asks for it but a collector.
            application.Services.GetRequiredService<Runs.EstateMetrics>();
            application.Services.GetRequiredService<Notifications.NotificationMetrics>();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StartException)
        {
            ((IDisposable)application).Dispose();
            throw exception as StartException ?? new StartException([exception.Message], exception);
        }

        application.MapSecuredGrpc();
        application.MapGrpcService<CampaignsService>();
        application.MapGrpcService<HostsService>();
        application.MapGrpcService<ReturnsService>();
        application.MapGrpcService<DrillsService>();
        application.MapGrpcService<NotificationsService>();
        ServerApplication.Announce(application, () =>
            [.. Addresses(application).Select(address => ("Coordinator", address)), .. ConsoleAddresses(application).Select(address => ("Console", address))]);
        return application;
    }
}
