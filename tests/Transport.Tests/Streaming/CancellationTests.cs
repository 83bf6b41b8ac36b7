using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Streaming;

/// <summary>Callers that leave before the answer: by cancelling and by their deadline. Real sockets.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Cancelled_call_ends_on_both_sides_without_an_incident()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), new ScriptedFailback { OnGetHost = WaitForTheCallerToLeaveAsync });
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var call = server.Client(_pki.Identity(PeerRole.Viewer, "eve")).GetHostAsync(new GetHostRequest(), cancellationToken: cancellation.Token);
        await _entered.Task.WaitAsync(Calls.Patience, TestContext.Current.CancellationToken);

        await cancellation.CancelAsync();

        var ending = await Should.ThrowAsync<RpcException>(async () => await call);
        ending.StatusCode.ShouldBe(StatusCode.Cancelled);
        RpcFailure.From(ending).StatusCode.ShouldBe(StatusCode.Cancelled);
        await _left.Task.WaitAsync(Calls.Patience, TestContext.Current.CancellationToken);
        await server.StopAsync();
        server.Log.Lines.ShouldNotContain(line => line.EventId == 4003);
    }

    [Fact]
    public Task Cancelled_stream_ends_on_both_sides_without_an_incident()
        => LeaveStreamAsync((_, context) => WaitForTheCallerToLeaveAsync(context));

    [Fact]
    public Task Write_to_a_caller_that_has_left_is_no_incident() => LeaveStreamAsync(async (responses, context) =>
    {
        try
        {
            await WaitForTheCallerToLeaveAsync(context);
        }
        catch (OperationCanceledException)
        {
            // A service that does not look at the token goes on writing.
            await responses.WriteAsync(new FailbackProgress { Sequence = 2 });
        }
    });

    [Fact]
    public async Task Deadline_ends_the_call_on_both_sides_without_an_incident()
    {
        var service = new ScriptedFailback();
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        var client = server.Client(_pki.Identity(PeerRole.Viewer, "eve"));
        // The first call connects, so that the deadline of the second is spent in the service and not in the handshake.
        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        service.OnGetHost = WaitForTheCallerToLeaveAsync;

        var ending = await Should.ThrowAsync<RpcException>(async () => await client.GetHostAsync(new GetHostRequest(), deadline: DateTime.UtcNow.AddSeconds(3)));

        ending.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await _left.Task.WaitAsync(Calls.Patience, TestContext.Current.CancellationToken);
        await server.StopAsync();
        server.Log.Lines.ShouldNotContain(line => line.EventId == 4003);
    }

    public void Dispose() => _pki.Dispose();

    private async Task LeaveStreamAsync(Func<IServerStreamWriter<FailbackProgress>, ServerCallContext, Task> goOn)
    {
        var service = new ScriptedFailback
        {
            OnInitiate = async (responses, context) =>
            {
                await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
                await goOn(responses, context);
            },
        };
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), service);
        var call = server.Client(_pki.Identity(PeerRole.Operator, "ana")).InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();

        call.Dispose();

        await _left.Task.WaitAsync(Calls.Patience, TestContext.Current.CancellationToken);
        await server.StopAsync();
        server.Log.Lines.ShouldNotContain(line => line.EventId == 4003);
    }

    private async Task<Host> WaitForTheCallerToLeaveAsync(ServerCallContext context)
    {
        _entered.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        finally
        {
            _left.TrySetResult();
        }

        throw new InvalidOperationException("the wait has no end but the caller's");
    }
}
