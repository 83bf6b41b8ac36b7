using Grpc.Core;
using HostAgent.Conformance.Matrix;

namespace HostAgent.Conformance.Cases;

/// <summary>Connections on which nothing happens but pings for longer than either side would tolerate silence.</summary>
internal static class IdleCases
{
    public static async Task UnaryAfterIdleAsync(CaseTarget target)
    {
        await PlainCases.EmptyUnaryAsync(target);
        await IdleAsync(target);
        await PlainCases.EmptyUnaryAsync(target);

        target.Wire.Connections.ShouldBe(1, "the connection was replaced");
    }

    public static async Task StreamAfterIdleAsync(CaseTarget target)
    {
        using var call = target.Client.FullDuplexCall(target.Options());
        await call.RequestStream.WriteAsync(Messages.Duplex(8, Messages.Response(9)));
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        await IdleAsync(target);
        await call.RequestStream.WriteAsync(Messages.Duplex(1828, Messages.Response(2653)));
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        call.ResponseStream.Current.Payload.Body.Length.ShouldBe(2653);
        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    private static async Task IdleAsync(CaseTarget target)
    {
        var before = target.Wire.BytesToServer;
        await Task.Delay(IdlePeriod.Length, TimeProvider.System);
        target.Wire.BytesToServer.ShouldBeGreaterThan(before, "our channel did not ping");
    }
}
