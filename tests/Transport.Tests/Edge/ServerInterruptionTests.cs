using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Edge;

/// <summary>A server that cannot know whether what it would say is true says so, to running calls too, and serves again afterwards.</summary>
public sealed class ServerInterruptionTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly ScriptedFailback _service = new();
    private readonly ServerInterruption _interruption = new();

    public void Dispose()
    {
        _interruption.Dispose();
        _pki.Dispose();
    }

    [Fact]
    public async Task Running_calls_end_and_new_ones_are_refused_with_the_reason_until_it_is_over()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), _service, interruption: _interruption);
        var client = server.Client(_pki.Identity(PeerRole.Operator, "maria"));
        var begun = new TaskCompletionSource();
        _service.OnInitiate = async (_, context) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        };
        _service.OnGetHost = _ => Task.FromResult(new Host());
        using var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        await begun.Task;

        var reason = new RpcFailure(StatusCode.Unavailable, "IN_DOUBT", "nobody knows") { RetryDelay = TimeSpan.FromSeconds(2) };
        _interruption.Begin(reason);
        _interruption.Begin(new RpcFailure(StatusCode.Unavailable, "LATER", "the first reason stays"));
        RpcFailure.From(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).ShouldBeSameFailureAs(reason);
        (await client.FailureOfGetHostAsync()).ShouldBeSameFailureAs(reason);

        _interruption.End();
        await client.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        // And a second time.
        _interruption.Begin(new RpcFailure(StatusCode.Unavailable, "LATER", "again"));
        (await client.FailureOfGetHostAsync()).Reason.ShouldBe("LATER");
    }
}
