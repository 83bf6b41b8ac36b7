using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Network;
using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Cases;

/// <summary>A peer's server as one case sees it: a client on a channel of its own, through a relay that knows what went over the wire.</summary>
internal sealed class CaseTarget : IAsyncDisposable
{
    // Of every call, so that a hanging one fails its case.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PeerServer _server;
    private readonly GrpcChannel _channel;
    private readonly string _caseName;

    public CaseTarget(PeerServer server, ChannelSecurity security, ConformancePki pki, ConformanceCase conformanceCase)
    {
        _server = server;
        _caseName = conformanceCase.WireName();
        Wire = new TcpRelay(server.Port);
        _channel = ChannelFactory.Open(security, pki, Wire.Port);
        Client = new TestService.TestServiceClient(_channel);
        UnimplementedClient = new UnimplementedService.UnimplementedServiceClient(_channel);
    }

    public TestService.TestServiceClient Client { get; }

    public UnimplementedService.UnimplementedServiceClient UnimplementedClient { get; }

    /// <summary>What lies between our client and the peer's server.</summary>
    public TcpRelay Wire { get; }

    /// <summary>Options of one call: the case it belongs to, a deadline and more metadata.</summary>
    public CallOptions Options(TimeSpan? timeout = null, CancellationToken cancellation = default, params IEnumerable<Metadata.Entry> metadata) =>
        new([new Metadata.Entry(EchoHeaders.Case, _caseName), .. metadata], TimeProvider.System.GetUtcNow().UtcDateTime + (timeout ?? Patience), cancellation);

    /// <summary>Ends once the peer has noticed that this case's call was left.</summary>
    public Task PeerNoticesCancellationAsync() => _server.CancellationAsync(_caseName);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Wire.DisposeAsync();
    }
}
