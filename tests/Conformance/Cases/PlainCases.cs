using Grpc.Core;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Cases;

/// <summary>Every kind of call, with everything going well.</summary>
internal static class PlainCases
{
    public static async Task EmptyUnaryAsync(CaseTarget target) =>
        (await target.Client.EmptyCallAsync(new EmptyCallRequest(), target.Options())).ShouldBe(new EmptyCallResponse());

    public static async Task LargeUnaryAsync(CaseTarget target)
    {
        var response = await target.Client.UnaryCallAsync(Messages.Unary(314159, 271828), target.Options());

        response.Payload.Body.Length.ShouldBe(314159);
    }

    public static async Task ClientStreamingAsync(CaseTarget target)
    {
        using var call = target.Client.StreamingInputCall(target.Options());
        foreach (var size in (int[])[27182, 8, 1828, 45904])
        {
            await call.RequestStream.WriteAsync(Messages.Input(size));
        }

        await call.RequestStream.CompleteAsync();

        (await call).AggregatedPayloadSize.ShouldBe(74922);
    }

    public static async Task ServerStreamingAsync(CaseTarget target)
    {
        int[] sizes = [31415, 9, 2653, 58979];
        using var call = target.Client.StreamingOutputCall(new StreamingOutputCallRequest { ResponseParameters = { sizes.Select(size => Messages.Response(size)) } }, target.Options());

        var responses = await call.ResponseStream.ReadAllAsync().ToListAsync();

        responses.Select(response => response.Payload.Body.Length).ShouldBe(sizes);
    }

    public static async Task PingPongAsync(CaseTarget target)
    {
        using var call = target.Client.FullDuplexCall(target.Options());
        foreach (var (request, response) in ((int, int)[])[(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)])
        {
            await call.RequestStream.WriteAsync(Messages.Duplex(request, Messages.Response(response)));
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Payload.Body.Length.ShouldBe(response);
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    public static async Task EmptyStreamAsync(CaseTarget target)
    {
        using var call = target.Client.FullDuplexCall(target.Options());
        await call.RequestStream.CompleteAsync();

        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }
}
