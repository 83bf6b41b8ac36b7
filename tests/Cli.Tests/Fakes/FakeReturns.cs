using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Returns that answers what a test has told it to.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeReturns : Returns.ReturnsBase
{
    /// <summary>What every call answers with, unless its own says otherwise.</summary>
    public Func<Return> Shown { get; set; } = () => new Return { Name = "returns/1f0ca5b0-3d2e-4c7a-9f11-0a0b0c0d0e01", VirtualMachineName = "sql-01", Recovery = new(), Home = new(), Next = new() };

    /// <summary>Takes a command; what it throws is answered.</summary>
    public Action<object> Commanded { get; set; } = _ => { };

    public Func<CheckReturnRequest, CheckReturnResponse> Check { get; set; } = _ => new CheckReturnResponse();

    /// <summary>What an approval is answered with; null: as every command.</summary>
    public Func<ApproveReturnRequest, Return>? Approve { get; set; }

    /// <summary>What a watch shows, in its order.</summary>
    public Func<IEnumerable<Return>>? Watched { get; set; }

    /// <summary>What is listed; null: the one that is shown.</summary>
    public Func<ListReturnsRequest, ListReturnsResponse>? List { get; set; }

    public Func<IEnumerable<AuditRecord>> Audit { get; set; } = () => [];

    public override Task<Return> CreateReturn(CreateReturnRequest request, ServerCallContext context) => Take(request);

    public override Task<Return> GetReturn(GetReturnRequest request, ServerCallContext context) => Task.FromResult(Shown());

    public override Task<ListReturnsResponse> ListReturns(ListReturnsRequest request, ServerCallContext context) => Task.FromResult(List?.Invoke(request) ?? new ListReturnsResponse { Returns = { Shown() } });

    public override Task<Return> AdvanceReturn(AdvanceReturnRequest request, ServerCallContext context) => Take(request);

    public override Task<Return> PauseReturn(PauseReturnRequest request, ServerCallContext context) => Take(request);

    public override Task<Return> ApproveReturn(ApproveReturnRequest request, ServerCallContext context) => Approve is { } approve ? Task.FromResult(approve(request)) : Take(request);

    public override Task<CheckReturnResponse> CheckReturn(CheckReturnRequest request, ServerCallContext context) => Task.FromResult(Check(request));

    public override Task<Return> AnswerReturn(AnswerReturnRequest request, ServerCallContext context) => Take(request);

    public override Task<Return> CancelReturnStep(CancelReturnStepRequest request, ServerCallContext context) => Take(request);

    public override Task<Return> SetReturnGoal(SetReturnGoalRequest request, ServerCallContext context) => Take(request);

    public override async Task WatchReturn(WatchReturnRequest request, IServerStreamWriter<Return> responseStream, ServerCallContext context)
    {
        foreach (var shown in Watched?.Invoke() ?? [Shown()])
        {
            await responseStream.WriteAsync(shown);
        }
    }

    public override async Task GetReturnAudit(GetReturnAuditRequest request, IServerStreamWriter<AuditRecord> responseStream, ServerCallContext context)
    {
        foreach (var record in Audit())
        {
            await responseStream.WriteAsync(record);
        }
    }

    private Task<Return> Take(object request)
    {
        Commanded(request);
        return Task.FromResult(Shown());
    }
}
