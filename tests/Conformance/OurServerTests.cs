using HostAgent.Conformance.Matrix;
using HostAgent.Conformance.Peers;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;

namespace HostAgent.Conformance;

/// <summary>Other implementations' clients against our server.</summary>
public sealed class OurServerTests(OurServerFixture fixture) : IClassFixture<OurServerFixture>
{
    public static TheoryData<PeerKind, ChannelSecurity, ConformanceCase> Combinations => Matrix.Combinations.All;

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Peers_client_and_our_server_agree(PeerKind peer, ChannelSecurity security, ConformanceCase conformanceCase)
    {
        var client = await fixture.Runs.GetAsync(peer, security);

        var result = await client.ResultAsync(conformanceCase);

        await KnownLimits.JudgeAsync(Direction.OurServer, peer, conformanceCase, async () =>
        {
            result.Passed.ShouldBe(true, result.Detail);
            await ShouldHaveSeenAsync(client.Ledger, conformanceCase);
        });
    }

    /// <summary>What a client cannot know and only the server can tell.</summary>
    private static async Task ShouldHaveSeenAsync(CallLedger ledger, ConformanceCase conformanceCase)
    {
        var name = conformanceCase.WireName();
        var calls = ledger.Calls(name);
        switch (conformanceCase)
        {
            case ConformanceCase.CancelAfterFirstResponse or ConformanceCase.TimeoutOnSleepingServer:
                await ledger.CancellationAsync(name);
                break;
            case ConformanceCase.ClientCompressedUnary:
                // Probe, compressed, plain.
                calls.Select(call => call.Decompressed).ShouldBe([0, 1, 0]);
                break;
            case ConformanceCase.ClientCompressedStreaming:
                calls.Single().Decompressed.ShouldBeGreaterThan(0);
                break;
            case ConformanceCase.ServerCompressedUnary:
                calls.Select(call => call.Compressed).ShouldBe([1, 0]);
                break;
            case ConformanceCase.ServerCompressedStreaming:
                calls.Single().Compressed.ShouldBe(1);
                break;
            case ConformanceCase.UnaryAfterIdle:
                calls.Count.ShouldBe(2);
                calls.Select(call => call.Connection).Distinct().Count().ShouldBe(1, "the connection was replaced");
                break;
        }
    }
}
