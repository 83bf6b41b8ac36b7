using HostAgent.Conformance.Peers;

namespace HostAgent.Conformance.Matrix;

/// <summary>
/// What does not work between two implementations, and whose doing that is. Each is tried like everything else and must fail: once
/// it passes, it is no limit any more and is to be taken off this list and out of README.md.
/// </summary>
internal static class KnownLimits
{
    private const string EmptyGzip = ".NET's gzip of nothing is nothing, not even its header, which grpc-js and grpc-go take for no gzip";
    private const string GoClientAccepts = "grpc-go 1.33's client says only that it accepts compressed responses when it compresses its request";
    private const string ServersCompress = "grpc-js's server never compresses, grpc-go 1.33's only in answer to compressed requests";

    private static readonly KnownLimit[] All =
    [
        new(Direction.OurServer, ConformanceCase.RepeatedBinaryMetadata, [PeerKind.Python, PeerKind.Node, PeerKind.Go],
            "Grpc.AspNetCore.Server decodes the values of one binary key as if they were one"),
        new(Direction.OurClient, ConformanceCase.RepeatedBinaryMetadata, [PeerKind.Python, PeerKind.Go],
            "SocketsHttpHandler joins the values of one key by a comma and a space, which the C core and grpc-go take for no base64"),
        new(Direction.OurServer, ConformanceCase.CompressedEmptyMessage, [PeerKind.Node, PeerKind.Go], EmptyGzip),
        new(Direction.OurClient, ConformanceCase.CompressedEmptyMessage, [PeerKind.Node, PeerKind.Go], EmptyGzip),
        new(Direction.OurServer, ConformanceCase.ServerCompressedUnary, [PeerKind.Go], GoClientAccepts),
        new(Direction.OurServer, ConformanceCase.ServerCompressedStreaming, [PeerKind.Go], GoClientAccepts),
        new(Direction.OurClient, ConformanceCase.ServerCompressedUnary, [PeerKind.Node, PeerKind.Go], ServersCompress),
        new(Direction.OurClient, ConformanceCase.ServerCompressedStreaming, [PeerKind.Node, PeerKind.Go], ServersCompress),
    ];

    /// <summary>Ends well when the check passes, or when it fails although nothing else is to be expected.</summary>
    public static async Task JudgeAsync(Direction direction, PeerKind peer, ConformanceCase conformanceCase, Func<Task> check)
    {
        var limit = Array.Find(All, known => known.Direction == direction && known.Case == conformanceCase && known.Peers.Contains(peer));
        if (limit is null)
        {
            await check();
            return;
        }

        (await Record.ExceptionAsync(check)).ShouldNotBeNull($"this is a limit no more: {limit.Reason}");
    }
}

/// <param name="Direction">Which side is ours.</param>
/// <param name="Case">The case that fails.</param>
/// <param name="Peers">With whom.</param>
/// <param name="Reason">Why.</param>
internal sealed record KnownLimit(Direction Direction, ConformanceCase Case, IReadOnlyList<PeerKind> Peers, string Reason);
