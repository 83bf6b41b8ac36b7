using Grpc.Core;
using HostAgent.Conformance.Cases;
using HostAgent.Conformance.Security;
using HostAgent.Conformance.Server;
using HostAgent.Conformance.V1;

namespace HostAgent.Conformance.Abuse;

/// <summary>A server that is told to stop finishes what it has begun and begins nothing more.</summary>
public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ConformancePki _pki = new();

    [Fact]
    public async Task Stopping_server_finishes_the_running_stream_and_refuses_new_calls()
    {
        await using var server = await ConformanceServer.StartAsync(_pki, new EchoTestService(new CallLedger()));
        using var channel = ChannelFactory.Open(ChannelSecurity.MutualTls, _pki, server.Port);
        var client = new TestService.TestServiceClient(channel);
        using var running = client.FullDuplexCall(deadline: DateTime.UtcNow + Patience);
        await running.RequestStream.WriteAsync(Messages.Duplex(1, Messages.Response(1)));
        (await running.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();

        var stopping = server.StopAsync();
        // The first call after the announcement that still gets through ends well; from then on none does.
        await Eventually.HoldsAsync(() => StatusOfNewCall() == StatusCode.Unavailable, Patience, () => "new calls are still answered");
        stopping.IsCompleted.ShouldBeFalse("the stream still runs");
        await running.RequestStream.WriteAsync(Messages.Duplex(1, Messages.Response(2653)));
        (await running.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        running.ResponseStream.Current.Payload.Body.Length.ShouldBe(2653);
        await running.RequestStream.CompleteAsync();
        (await running.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
        running.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        await stopping.WaitAsync(Patience);

        StatusCode StatusOfNewCall()
        {
            try
            {
                client.EmptyCall(new EmptyCallRequest(), deadline: DateTime.UtcNow + Patience);
                return StatusCode.OK;
            }
            catch (RpcException failure)
            {
                return failure.StatusCode;
            }
        }
    }

    public void Dispose() => _pki.Dispose();
}
