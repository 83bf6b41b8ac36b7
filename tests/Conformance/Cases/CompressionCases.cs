using Grpc.Core;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Cases;

/// <summary>
/// Messages of zeros, compressed or not. Whether they were is read off the wire: no implementation says it of itself, and a
/// compressed message of zeros is a hundredth of a plain one.
/// </summary>
internal static class CompressionCases
{
    // Room for a handshake with certificates, headers and the compressed messages themselves.
    private const long Overhead = 16 * 1024;

    private static readonly Metadata.Entry Gzip = new("grpc-internal-encoding-request", "gzip");
    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    public static async Task ClientCompressedUnaryAsync(CaseTarget target)
    {
        var compressed = await MeasureAsync(() => target.Wire.BytesToServer, async () =>
            (await target.Client.UnaryCallAsync(Messages.Unary(314159, 271828), target.Options(metadata: Gzip))).Payload.Body.Length.ShouldBe(314159));
        var plain = await MeasureAsync(() => target.Wire.BytesToServer, async () =>
            (await target.Client.UnaryCallAsync(Messages.Unary(314159, 271828), target.Options())).Payload.Body.Length.ShouldBe(314159));

        compressed.ShouldBeLessThan(Overhead);
        plain.ShouldBeGreaterThan(271828);
    }

    public static async Task ClientCompressedStreamingAsync(CaseTarget target)
    {
        var sent = await MeasureAsync(() => target.Wire.BytesToServer, async () =>
        {
            using var call = target.Client.StreamingInputCall(target.Options(metadata: Gzip));
            await call.RequestStream.WriteAsync(Messages.Input(27182));
            call.RequestStream.WriteOptions = Plain;
            await call.RequestStream.WriteAsync(Messages.Input(45904));
            await call.RequestStream.CompleteAsync();
            (await call).AggregatedPayloadSize.ShouldBe(73086);
        });

        // Only the second one is there in full.
        sent.ShouldBeInRange(45904, 45904 + Overhead);
    }

    public static async Task ServerCompressedUnaryAsync(CaseTarget target)
    {
        var compressed = await MeasureAsync(() => target.Wire.BytesToClient, () => UnaryAsync(compressed: true));
        var plain = await MeasureAsync(() => target.Wire.BytesToClient, () => UnaryAsync(compressed: false));

        compressed.ShouldBeLessThan(Overhead);
        plain.ShouldBeGreaterThan(314159);

        async Task UnaryAsync(bool compressed)
        {
            var request = Messages.Unary(314159);
            request.ResponseCompressed = compressed;
            (await target.Client.UnaryCallAsync(request, target.Options())).Payload.Body.Length.ShouldBe(314159);
        }
    }

    public static async Task ServerCompressedStreamingAsync(CaseTarget target)
    {
        var received = await MeasureAsync(() => target.Wire.BytesToClient, async () =>
        {
            var request = new StreamingOutputCallRequest { ResponseParameters = { Messages.Response(31415, compressed: true), Messages.Response(92653) } };
            using var call = target.Client.StreamingOutputCall(request, target.Options());
            var responses = await call.ResponseStream.ReadAllAsync().ToListAsync();
            responses.Select(response => response.Payload.Body.Length).ShouldBe([31415, 92653]);
        });

        // Only the second one is there in full.
        received.ShouldBeInRange(92653, 92653 + Overhead);
    }

    public static async Task CompressedEmptyMessageAsync(CaseTarget target) =>
        (await target.Client.EmptyCallAsync(new EmptyCallRequest(), target.Options(metadata: Gzip))).ShouldBe(new EmptyCallResponse());

    private static async Task<long> MeasureAsync(Func<long> count, Func<Task> work)
    {
        var before = count();
        await work();
        return count() - before;
    }
}
