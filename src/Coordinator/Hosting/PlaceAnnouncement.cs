using System.Net;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Hosting;

/// <summary>Tells those that stand by where this coordinator is reached, once it listens.</summary>
internal sealed class PlaceAnnouncement(IServer server, IOptions<CoordinatorOptions> options, PostgreSqlLock hold, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var api = server.Features.Get<IServerAddressesFeature>()!.Addresses.First(address => address.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal));
        var console = services.GetService<ConsoleHost>()?.Addresses;
        return hold.TellAsync(new PlaceAtWork(Reached(api), console is [var first, ..] ? Reached(first) : null));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Reached(string listens) => Reached(new Uri(listens), options.Value.Store.Advertise);

    /// <summary>How an address that is listened on is reached from other machines.</summary>
    /// <param name="listens">The address, <c>https://host:port</c>.</param>
    /// <param name="advertised">The host that the settings name; null for none.</param>
    internal static string Reached(Uri listens, string? advertised)
    {
        var address = IPAddress.Parse(listens.IdnHost);
        var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        var host = IPAddress.IsLoopback(address) ? listens.IdnHost : advertised ?? (isAny ? Dns.GetHostName() : listens.IdnHost);
        return new UriBuilder(Uri.UriSchemeHttps, host, listens.Port).Uri.GetLeftPart(UriPartial.Authority);
    }
}

/// <summary>Lets this coordinator listen as soon as it has given up the addresses on which it stood by.</summary>
internal sealed class StandbyEnd(PostgreSqlLock hold) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => hold.StoodDown;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
