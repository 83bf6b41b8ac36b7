using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Tls;

/// <summary>A peer that is at one of several addresses. Real sockets, real TLS.</summary>
public sealed class SeveralAddressesTests : IDisposable
{
    private readonly Pki _pki = new();

    [Fact]
    public async Task Calls_go_to_the_address_that_answers_and_to_another_when_it_has_ended()
    {
        var first = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        await using var second = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        using var channel = Channel(Nobody(), first.Address, second.Address);
        var client = new Failback.FailbackClient(channel);

        (await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline)).ShouldNotBeNull();
        (first.OpenConnections, second.OpenConnections).ShouldBe((1, 0));

        await first.DisposeAsync();
        try
        {
            await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
        {
            // It met the very end of the connection, and whether it was carried out nobody knows; the next one does not.
        }

        (await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline)).ShouldNotBeNull();
        second.OpenConnections.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_where_somebody_else_answers_is_passed_over()
    {
        await using var other = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-02"));
        await using var right = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"));
        using var channel = Channel(other.Address, right.Address);

        (await new Failback.FailbackClient(channel).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline)).ShouldNotBeNull();
    }

    [Fact]
    public async Task When_none_answers_each_is_named_with_its_reason_and_the_most_telling_one_comes_first()
    {
        await using var other = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-02"));
        var nobody = Nobody();
        using var channel = Channel(nobody, other.Address);

        var failure = await new Failback.FailbackClient(channel).FailureOfGetHostAsync();

        failure.Reason.ShouldBe(ConnectionReason.WrongName, failure.ToString());
        failure.Message.ShouldStartWith("none of 2 addresses can be used: ");
        failure.Message.ShouldContain($"nothing listens at {nobody.GetLeftPart(UriPartial.Authority)}");
        failure.Message.ShouldContain($"refused to talk to {other.Address.GetLeftPart(UriPartial.Authority)}");
    }

    [Fact]
    public void An_address_that_is_none_is_refused()
    {
        var identity = _pki.Identity(PeerRole.Coordinator, "main");
        Should.Throw<ArgumentException>(() => MutualTlsChannel.Create([new Uri("https://a:1"), new Uri("http://b:1")], identity, PeerRole.Agent)).Message.ShouldContain("'http://b:1/' is not of the form https://host:port");
        Should.Throw<ArgumentException>(() => MutualTlsChannel.Create((IReadOnlyList<Uri>)[], identity, PeerRole.Agent));
    }

    public void Dispose() => _pki.Dispose();

    private GrpcChannel Channel(params Uri[] addresses) => MutualTlsChannel.Create(addresses, _pki.Identity(PeerRole.Coordinator, "main"), PeerRole.Agent, "hv-01");

    private static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"https://{listener.LocalEndpoint}");
    }
}
