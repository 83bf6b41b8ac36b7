using System.Net;
using HostAgent.Transport.InProcess;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;
using HostAgent.WebConsole.Assets;
using HostAgent.WebConsole.Components;
using HostAgent.WebConsole.Reports;
using HostAgent.WebConsole.Security;
using HostAgent.WebConsole.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HostAgent.WebConsole;

/// <summary>Where the console listens, and how much of it there may be.</summary>
/// <param name="Listen">Where browsers connect; port 0 takes a free one.</param>
/// <param name="MaxPages">The most pages open at once, of everybody.</param>
/// <param name="MaxPagesPerPerson">The most pages that one person has open at once.</param>
/// <param name="AcceptsRelayed">Whether coordinators of the same name may relay their browsers to it.</param>
public sealed record ConsoleSettings(IPEndPoint Listen, int MaxPages, int MaxPagesPerPerson, bool AcceptsRelayed);

/// <summary>
/// The console: a server for browsers beside the coordinator's own, in the same process. It is a client of the coordinator's API like any other. What a page shows and
/// does goes through a channel that speaks in the name of the browser's certificate, so every rule holds here as it does for the command line.
/// </summary>
public static class ConsoleApplication
{
    // What a page sends at once: a campaign's document at most.
    private const long LongestMessage = 2 * 1024 * 1024;

    /// <summary>Builds the console, not started.</summary>
    /// <param name="settings">Where it listens, and its limits.</param>
    /// <param name="identity">The coordinator's identity, which judges browsers as it judges every other peer.</param>
    /// <param name="server">The coordinator within this process.</param>
    /// <param name="coordinator">The coordinator's services: clock, logs, and the limits on connections.</param>
    public static WebApplication Create(ConsoleSettings settings, MutualTlsIdentity identity, InProcessServer server, IServiceProvider coordinator)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(coordinator);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ConsoleApplication).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LongestMessage;
            kestrel.ListenBrowsers(settings.Listen, identity, settings.AcceptsRelayed);
        });
        var services = builder.Services;
        services.AddSingleton(coordinator.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(coordinator.GetRequiredService<TimeProvider>());
        services.LeaveSignals();
        services.AddSingleton(server);
        services.AddSingleton(settings);
        services.ShareEdge(coordinator);
        services.AddSingleton(new OpenPages(settings.MaxPages, settings.MaxPagesPerPerson));
        services.AddSingleton<BrowserGate>();
        services.AddRoutingCore();
        // The keys protect the state of circuits, which do not outlive the process.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DetailedErrors = false;
            circuits.DisconnectedCircuitMaxRetained = settings.MaxPages;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LongestMessage);
        services.AddScoped<ConsoleSession>();
        services.AddScoped<LiveEstate>();
        services.AddScoped<ViewerTime>();
        services.AddScoped<Notices>();

        var application = builder.Build();
        var gate = application.Services.GetRequiredService<BrowserGate>();
        application.Use(next => context => gate.PassAsync(context, next));
        application.UseStatusCodePagesWithReExecute("/missing");
        application.UseRouting();
        application.UseAntiforgery();
        application.MapAssets();
        application.MapReports();
        application.MapRazorComponents<App>().AddInteractiveServerRenderMode(render => render.ContentSecurityFrameAncestorsPolicy = null);
        return application;
    }
}
