using Grpc.Net.Client;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Channels;
using HostAgent.Transport.Tests.Fixtures;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Tests.Streaming;

/// <summary>Callers that have one connection for everything, as most implementations of gRPC do.</summary>
public sealed class ManyStreamsTests : IDisposable
{
    private const int Streams = 500;

    private readonly Pki _pki = new();

    [Fact]
    public async Task Five_hundred_streams_of_one_connection_leave_room_for_another_call()
    {
        var connections = new HashSet<string>(StringComparer.Ordinal);
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, context) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
            OnGetHost = context =>
            {
                connections.Add(context.Peer);
                return Task.FromResult(new Host { Name = "hv-01" });
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        using var channel = OneConnection(server.Address, _pki.Identity(PeerRole.Operator, "ana"));
        var client = new Failback.FailbackClient(channel);
        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        var streams = Enumerable.Range(0, Streams).Select(_ => client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline)).ToList();

        var opened = await Task.WhenAll(streams.Select(stream => stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        opened.ShouldAllBe(hasMessage => hasMessage);
        connections.Count.ShouldBe(1);
        streams.ForEach(stream => stream.Dispose());
    }

    public void Dispose() => _pki.Dispose();

    private static GrpcChannel OneConnection(Uri address, MutualTlsIdentity identity) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false,
            ConnectCallback = async (context, cancellationToken) => await new ServerCertificateGate(identity, PeerRole.Agent, "hv-01")
                .OpenAsync(await PlainConnection.OpenAsync(context.DnsEndPoint, cancellationToken), context.DnsEndPoint.Host, cancellationToken),
        },
    });
}
