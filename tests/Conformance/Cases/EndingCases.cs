using Grpc.Core;

namespace HostAgent.Conformance.Cases;

/// <summary>Calls that their caller leaves, and calls whose time is over.</summary>
internal static class EndingCases
{
    private static readonly TimeSpan LongerThanAnybodyWaits = TimeSpan.FromSeconds(10);

    public static async Task CancelAfterBeginAsync(CaseTarget target)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = target.Client.StreamingInputCall(target.Options(cancellation: cancellation.Token));
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await PlainCases.EmptyUnaryAsync(target);
    }

    public static async Task CancelAfterFirstResponseAsync(CaseTarget target)
    {
        using var cancellation = new CancellationTokenSource();
        using var call = target.Client.FullDuplexCall(target.Options(cancellation: cancellation.Token));
        await call.RequestStream.WriteAsync(Messages.Duplex(27182, Messages.Response(31415), Messages.Response(31415, LongerThanAnybodyWaits)));
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.Cancelled);
        await target.PeerNoticesCancellationAsync();
        await PlainCases.EmptyUnaryAsync(target);
    }

    public static async Task TimeoutOnSleepingServerAsync(CaseTarget target)
    {
        // Connected first: the deadline is about the server, not about the handshake.
        await PlainCases.EmptyUnaryAsync(target);
        using var call = target.Client.FullDuplexCall(target.Options(TimeSpan.FromSeconds(1)));
        await call.RequestStream.WriteAsync(Messages.Duplex(27182, Messages.Response(31415, LongerThanAnybodyWaits)));

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await target.PeerNoticesCancellationAsync();
    }
}
