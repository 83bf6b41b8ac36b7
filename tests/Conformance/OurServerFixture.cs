using HostAgent.Conformance.Peers;

namespace HostAgent.Conformance;

/// <summary>The peers' clients, shared by the tests of our server.</summary>
public sealed class OurServerFixture : IAsyncDisposable
{
    internal PeerRuns<PeerClient> Runs { get; } = new(PeerClient.StartAsync);

    public ValueTask DisposeAsync() => Runs.DisposeAsync();
}
