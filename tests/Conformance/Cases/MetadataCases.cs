using Grpc.Core;
using HostAgent.Conformance.Server;

namespace HostAgent.Conformance.Cases;

/// <summary>Text and bytes that travel beside the messages.</summary>
internal static class MetadataCases
{
    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public static async Task CustomMetadataAsync(CaseTarget target)
    {
        Metadata.Entry[] sent = [new(EchoHeaders.Initial, "test_initial_metadata_value"), new(EchoHeaders.Trailing, EveryByte)];
        using var unary = target.Client.UnaryCallAsync(Messages.Unary(1), target.Options(metadata: sent));
        await unary;
        ShouldBeEchoed(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using var duplex = target.Client.FullDuplexCall(target.Options(metadata: sent));
        await duplex.RequestStream.WriteAsync(Messages.Duplex(1, Messages.Response(1)));
        (await duplex.ResponseStream.MoveNext()).ShouldBeTrue();
        await duplex.RequestStream.CompleteAsync();
        (await duplex.ResponseStream.MoveNext()).ShouldBeFalse();
        ShouldBeEchoed(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    public static async Task RepeatedBinaryMetadataAsync(CaseTarget target)
    {
        byte[][] sent = [[0xab, 0xab, 0xab], EveryByte];
        using var call = target.Client.UnaryCallAsync(Messages.Unary(1), target.Options(metadata: sent.Select(value => new Metadata.Entry(EchoHeaders.Trailing, value))));
        await call;

        call.GetTrailers().GetAll(EchoHeaders.Trailing).Select(entry => entry.ValueBytes).ShouldBe(sent);
    }

    private static void ShouldBeEchoed(Metadata headers, Metadata trailers)
    {
        headers.GetAll(EchoHeaders.Initial).Select(entry => entry.Value).ShouldBe(["test_initial_metadata_value"]);
        trailers.GetAll(EchoHeaders.Trailing).Select(entry => entry.ValueBytes).ShouldBe([EveryByte]);
    }
}
