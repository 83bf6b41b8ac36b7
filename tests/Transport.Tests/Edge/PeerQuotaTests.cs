using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport.Tests.Fixtures;

namespace HostAgent.Transport.Tests.Edge;

/// <summary>What one peer may have at work, so that the others find room.</summary>
public sealed class PeerQuotaTests : IDisposable
{
    private readonly Pki _pki = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Streams_past_the_bound_are_refused_to_that_peer_alone_and_told_in_one_line()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), Waiting(), limits: new EdgeLimits { MaxCallsPerPeer = 3 });
        var maria = server.Client(_pki.Identity(PeerRole.Operator, "maria"));
        var streams = new List<AsyncServerStreamingCall<FailbackProgress>>();
        for (var count = 0; count < 3; count++)
        {
            streams.Add(await OpenAsync(maria));
        }

        for (var count = 0; count < 5; count++)
        {
            var refusal = RpcFailure.From(await Should.ThrowAsync<RpcException>(() => OpenAsync(maria)));
            (refusal.StatusCode, refusal.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"));
            refusal.RetryDelay.ShouldBe(TimeSpan.FromSeconds(2));
            (refusal.Metadata["peer"], refusal.Metadata["limit"]).ShouldBe(("failback://operator/maria", "3"));
        }

        (await OpenAsync(server.Client(_pki.Identity(PeerRole.Operator, "olga")))).Dispose();
        server.Log.Lines.ShouldHaveSingleItemWith(4006);

        _go.SetResult();
        foreach (var stream in streams)
        {
            (await stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeFalse();
            stream.Dispose();
        }

        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(async () => (await OpenAsync(maria)).Dispose()) is null);
    }

    [Fact]
    public async Task Costly_method_has_a_bound_of_its_own()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), Waiting());
        var maria = server.Client(_pki.Identity(PeerRole.Operator, "maria"));
        var calls = Enumerable.Range(0, 3).Select(_ => maria.GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline).ResponseAsync).ToList();

        var refusal = RpcFailure.From(await Should.ThrowAsync<RpcException>(async () => await await Task.WhenAny(calls)));

        (refusal.StatusCode, refusal.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CALLS"));
        (refusal.Metadata["peer"], refusal.Metadata["limit"]).ShouldBe(("failback://operator/maria", "2"));
        refusal.Message.ShouldContain("/hyperv.failback.v1.Failback/GetHost");
        _go.SetResult();
        (await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(() => call).AsTask()))).Count(failed => failed is null).ShouldBe(2);
    }

    [Fact]
    public async Task Connections_past_the_bound_are_told_so_by_their_first_call()
    {
        await using var server = await SecuredServer.StartAsync(_pki.Identity(PeerRole.Agent, "hv-01"), limits: new EdgeLimits { MaxConnectionsPerPeer = 1 });
        var maria = _pki.Identity(PeerRole.Operator, "maria");
        await server.Client(maria).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);

        var refusal = await server.Client(maria).FailureOfGetHostAsync();

        (refusal.StatusCode, refusal.Reason).ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CONNECTIONS"));
        await server.Client(_pki.Identity(PeerRole.Operator, "olga")).GetHostAsync(new GetHostRequest(), deadline: Calls.Deadline);
        await Eventually.TrueAsync(() => Task.FromResult(server.OpenConnections == 2));
    }

    public void Dispose() => _pki.Dispose();

    private ScriptedFailback Waiting() => new()
    {
        OnInitiate = async (responses, context) =>
        {
            await responses.WriteAsync(new FailbackProgress { Sequence = 1 });
            await _go.Task.WaitAsync(context.CancellationToken);
        },
        OnGetHost = async context =>
        {
            await _go.Task.WaitAsync(context.CancellationToken);
            return new Host();
        },
    };

    private static async Task<AsyncServerStreamingCall<FailbackProgress>> OpenAsync(Failback.FailbackClient client)
    {
        var call = client.InitiateFailback(new InitiateFailbackRequest(), deadline: Calls.Deadline);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return call;
    }
}
