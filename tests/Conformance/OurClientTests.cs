using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Security;

namespace HostAgent.Conformance;

/// <summary>Our client against other implementations' servers.</summary>
public sealed class OurClientTests(OurClientFixture fixture) : IClassFixture<OurClientFixture>
{
    public static TheoryData<PeerKind, ChannelSecurity, ConformanceCase> Combinations => Matrix.Combinations.All;

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Our_client_and_peers_server_agree(PeerKind peer, ChannelSecurity security, ConformanceCase conformanceCase)
    {
        var run = await fixture.Runs.GetAsync(peer, security);

        await KnownLimits.JudgeAsync(Direction.OurClient, peer, conformanceCase, () => run.RunAsync(conformanceCase));
    }
}
