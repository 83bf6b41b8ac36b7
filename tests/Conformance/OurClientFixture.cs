using HostAgent.Conformance.Peers;

namespace HostAgent.Conformance;

/// <summary>The peers' servers, shared by the tests of our client.</summary>
public sealed class OurClientFixture : IAsyncDisposable
{
    internal PeerRuns<PeerServerRun> Runs { get; } = new(PeerServerRun.StartAsync);

    public ValueTask DisposeAsync() => Runs.DisposeAsync();
}
