using System.Net;
using System.Net.Sockets;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Edge;

/// <summary>Strangers open connections as fast as they like; the server keeps a bounded number and goes on answering those it knows.</summary>
public sealed class AdmissionTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly List<Socket> _sockets = [];

    [Fact]
    public async Task Silent_connections_are_bounded_and_a_peer_still_gets_through()
    {
        var limits = new EdgeLimits { MaxConnections = 32 };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), limits: limits);
        for (var count = 0; count < 200; count++)
        {
            await ConnectAsync(server.Address);
        }

        await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        await Eventually.TrueAsync(() => Task.FromResult(server.OpenConnections <= limits.MaxHandshakesPerAddress + 1));
        server.Log.Lines.ShouldHaveSingleItemWith(4021).Message.ShouldContain("8 connections from 127.0.0.1");
    }

    [Fact]
    public async Task Newest_connection_is_never_taken_for_the_oldest()
    {
        var limits = new EdgeLimits { MaxConnections = 32 };
        var coordinator = _pki.Identity(PeerRole.Coordinator, "main");
        for (var round = 0; round < 25; round++)
        {
            await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), limits: limits);
            // A burst: the server accepts them faster than it handles any.
            for (var count = 0; count < 100; count++)
            {
                Connect(server.Address);
            }

            await server.Client(coordinator).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        }
    }

    [Fact]
    public async Task Connection_past_the_bound_is_closed_while_peers_keep_theirs()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), limits: new EdgeLimits { MaxConnections = 1 });
        var first = server.Client(_pki.Identity(PeerRole.Coordinator, "main"));
        await first.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        var failure = await server.Client(_pki.Identity(PeerRole.Operator, "maria")).FailureOfGetHostAsync();

        failure.Domain.ShouldBe(RpcFailure.ConnectionDomain);
        await first.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        server.Log.Lines.ShouldHaveSingleItemWith(4021).Message.ShouldContain("from 127.0.0.1");
    }

    [Fact]
    public async Task Closed_connections_give_their_places_back()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), limits: new EdgeLimits { MaxConnections = 4 });
        for (var round = 0; round < 20; round++)
        {
            (await ConnectAsync(server.Address)).Dispose();
        }

        await Eventually.TrueAsync(() => Task.FromResult(server.OpenConnections == 0));
        await server.Client(_pki.Identity(PeerRole.Coordinator, "main")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
    }

    [Theory]
    [InlineData(null, null, 20_000)]
    [InlineData(20_000, null, 19_680)]
    [InlineData(1_000_000, null, 20_000)]
    [InlineData(1024, 100, 100)]
    [InlineData(336, null, 16)]
    public void Bound_follows_from_the_limit_on_open_files(int? openFiles, int? asked, int expected)
    {
        var errors = new List<string>();

        EdgeLimits.Default.WithConnections(asked, "Agent:MaxConnections", errors, openFiles).MaxConnections.ShouldBe(expected);

        errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, null, new[] { "200", "336", "ulimit -n" })]
    [InlineData(1024, 1000, new[] { "Agent:MaxConnections", "1000", "1024", "704", "ulimit -n" })]
    public void Limit_that_is_too_low_is_one_error_with_the_values(int openFiles, int? asked, string[] parts)
    {
        var errors = new List<string>();

        EdgeLimits.Default.WithConnections(asked, "Agent:MaxConnections", errors, openFiles);

        var error = errors.ShouldHaveSingleItem();
        parts.ShouldAllBe(part => error.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Max open files            1024                 4096                 files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             1024                 4096                 processes ", null)]
    public void Limit_is_read_as_the_system_writes_it(string line, int? expected) => DescriptorLimit.Parse(["Limit  Soft Limit", line]).ShouldBe(expected);

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _pki.Dispose();
    }

    private void Connect(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        socket.Connect(IPEndPoint.Parse(address.Authority));
    }

    private async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        await socket.ConnectAsync(IPEndPoint.Parse(address.Authority), TestContext.Current.CancellationToken);
        return socket;
    }
}
