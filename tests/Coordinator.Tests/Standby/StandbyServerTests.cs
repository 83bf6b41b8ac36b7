using System.Net;
using System.Net.Sockets;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Standby;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Standby;

/// <summary>Where a coordinator listens while it stands by.</summary>
public sealed class StandbyServerTests : IDisposable
{
    private readonly Pki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Theory]
    [InlineData("0.0.0.0:443", "https://0.0.0.0", "0.0.0.0:443")]
    [InlineData("[::]:443", "https://[::]", "[::]:443")]
    [InlineData("127.0.0.1:0", "https://127.0.0.1:40001", "127.0.0.1:40001")]
    [InlineData("[::1]:0", "https://[::1]:40001", "[::1]:40001")]
    public void Port_stays_the_one_that_it_was_or_that_was_free(string listen, string listens, string expected)
        => StandbyServer.WithPortOf(new Uri(listens), listen).ShouldBe(expected);

    [Fact]
    public async Task Addresses_with_port_0_are_kept_for_the_time_at_work()
    {
        var options = new CoordinatorOptions { Listen = "127.0.0.1:0", Console = new ConsoleOptions { Listen = "127.0.0.1:0" } };
        await using var standby = await StartAsync(options);
        var ports = ((string[])[options.Listen, options.Console.Listen]).Select(address => IPEndPoint.Parse(address).Port).ToList();
        ports.ShouldNotContain(0);
        ports.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Address_that_is_taken_keeps_it_from_starting_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        (await Should.ThrowAsync<StartException>(() => StartAsync(new CoordinatorOptions { Listen = address }))).Lines.ShouldHaveSingleItem().ShouldContain(address);
    }

    // Nothing listens there: a store that cannot be reached yet keeps nobody from standing by.
    private static PostgreSqlEventReader NoServer => new(PostgreSqlDatabase.Open(new StoreOptions { Kind = StoreOptions.PostgreSql, Host = "127.0.0.1", Port = 1 }, connections: 1));

    private Task<StandbyServer> StartAsync(CoordinatorOptions options)
        => StandbyServer.StartAsync(options, EdgeLimits.Default, _pki.Identity(PeerRole.Coordinator, "dr"), NoServer, TimeProvider.System, NullLoggerFactory.Instance);
}
