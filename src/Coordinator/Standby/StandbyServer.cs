using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Hosting;
using HostAgent.Transport;
using HostAgent.Transport.Relay;
using HostAgent.Transport.Servers;
using HostAgent.Transport.Tls;

namespace HostAgent.Coordinator.Standby;

/// <summary>
/// Listens in the place of a coordinator that stands by: callers and browsers are relayed to the one at work, so every coordinator of a store answers everything. While none is at work,
/// which is about a second after a death, a connection waits.
/// </summary>
internal sealed partial class StandbyServer : IStandby
{
    // Longer than a take-over on a busy machine, shorter than a caller's own patience.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _server;
    private readonly ConnectionRelay _api;
    private readonly ConnectionRelay _console;
    private readonly AdvanceReading _reading;
    private readonly ILogger _log;
    private PlaceAtWork? _place;

    private StandbyServer(WebApplication server, ConnectionRelay api, ConnectionRelay console, AdvanceReading reading, ILogger log)
        => (_server, _api, _console, _reading, _log) = (server, api, console, reading, log);

    /// <summary>Begins to listen. Port 0 becomes the port that was free, so that the coordinator keeps it when it is at work itself.</summary>
    /// <param name="options">Where.</param>
    /// <param name="limits">The coordinator's limits on its callers.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="store">The store that it will have to work with; disposed with this.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Receive what it logs.</param>
    /// <exception cref="StartException">It cannot listen there.</exception>
    public static async Task<StandbyServer> StartAsync(CoordinatorOptions options, EdgeLimits limits, MutualTlsIdentity identity, IEventReader store, TimeProvider time, ILoggerFactory loggers)
    {
        var sampled = new SampledLog(TimeProvider.System);
        var (api, pages) = (Relay(), Relay());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(StandbyServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenRelaying(IPEndPoint.Parse(options.Listen), identity, api);
            if (options.Console.EndPoint is { } browsers)
            {
                kestrel.ListenRelaying(browsers, identity, pages, browsers: true);
            }
        });
        builder.Services.AddSingleton(loggers);
        // Each connection is two here.
        builder.Services.AddSingleton(limits with { MaxConnections = Math.Max(1, limits.MaxConnections / 2) });
        builder.Services.LeaveSignals();
        builder.Services.AddEdge();
        builder.Services.AddSingleton(sampled);
        var server = builder.Build();
        server.AnswerAll(new RpcFailure(StatusCode.Unavailable, "NO_COORDINATOR_AT_WORK", "this coordinator stands by, and finds none at work to which it could relay the call; the call had no effect")
        {
            RetryDelay = RetryAfter,
        });
        try
        {
            await server.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new StartException([exception.Message], exception);
        }

        var listens = server.Urls.Select(url => new Uri(url)).ToList();
        options.Listen = WithPortOf(listens[0], options.Listen);
        if (options.Console.Listen is { } console)
        {
            options.Console.Listen = WithPortOf(listens[1], console);
        }

        var standby = new StandbyServer(server, api, pages, new AdvanceReading(store, time, loggers.CreateLogger<AdvanceReading>()), loggers.CreateLogger<StandbyServer>());
        standby.LogListens(string.Join(" and ", server.Urls));
        return standby;

        ConnectionRelay Relay() => new(identity, Patience, sampled, loggers.CreateLogger<ConnectionRelay>());
    }

    /// <summary>An address to listen on with the port that was found to be free for it.</summary>
    internal static string WithPortOf(Uri listens, string address) => new IPEndPoint(IPEndPoint.Parse(address).Address, listens.Port).ToString();

    public void Found(PlaceAtWork? place)
    {
        if (place == _place)
        {
            return;
        }

        _place = place;
        _api.Point(AddressOf(place?.Address));
        _console.Point(AddressOf(place?.Console));
        if (place is not null)
        {
            LogFound(place.Address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var waiting = _api.Waiting + _console.Waiting;
        _api.Dispose();
        _console.Dispose();
        if (waiting > 0)
        {
            // They are told that none was found. A server that stops would break their connections off without an answer.
            await Task.Delay(Farewell, TimeProvider.System);
        }

        // Nobody else keeps this coordinator from its work.
        using var grace = new CancellationTokenSource(Grace, TimeProvider.System);
        await _server.StopAsync(grace.Token);
        await _server.DisposeAsync();
        await _reading.DisposeAsync();
    }

    // It comes out of the database.
    private Uri? AddressOf(string? address)
    {
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.PathAndQuery == "/")
        {
            return uri;
        }

        if (address is not null)
        {
            LogUnreadable(address);
        }

        return null;
    }

    [LoggerMessage(EventId = 3009, Level = LogLevel.Information, Message = "Standing by on {Addresses}: callers are relayed to the coordinator at work")]
    private partial void LogListens(string addresses);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Information, Message = "The coordinator at work is reached at {Address}")]
    private partial void LogFound(string address);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Error, Message = "The store says that the coordinator at work is reached at '{Address}'; it must be of the form https://host:port")]
    private partial void LogUnreadable(string address);
}
