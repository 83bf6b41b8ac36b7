using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Returns with one return, which answers what a test has told it to and remembers what was approved.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeReturns : Returns.ReturnsBase
{
    public Return Shown { get; set; } = new();

    public Func<CheckReturnRequest, CheckReturnResponse> Check { get; set; } = _ => new CheckReturnResponse();

    public Func<ApproveReturnRequest, Return> Approve { get; set; } = _ => new Return();

    public override Task<ListReturnsResponse> ListReturns(ListReturnsRequest request, ServerCallContext context) => Task.FromResult(new ListReturnsResponse { Returns = { Shown } });

    public override Task<Return> GetReturn(GetReturnRequest request, ServerCallContext context) => Task.FromResult(Shown);

    public override Task<Return> AdvanceReturn(AdvanceReturnRequest request, ServerCallContext context) => Task.FromResult(Shown);

    public override async Task WatchReturn(WatchReturnRequest request, IServerStreamWriter<Return> responseStream, ServerCallContext context)
        => await responseStream.WriteAsync(Shown, context.CancellationToken);

    public override Task<CheckReturnResponse> CheckReturn(CheckReturnRequest request, ServerCallContext context) => Task.FromResult(Check(request));

    public override Task<Return> ApproveReturn(ApproveReturnRequest request, ServerCallContext context) => Task.FromResult(Approve(request));
}
