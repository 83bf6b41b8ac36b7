using Grpc.Core;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Transport.Tests.Fixtures;

/// <summary>The Failback service, doing what a test tells it to.</summary>
internal sealed class ScriptedFailback : Failback.FailbackBase
{
    public Func<ServerCallContext, Task<Host>> OnGetHost { get; set; } = _ => Task.FromResult(new Host());

    public Func<IServerStreamWriter<FailbackProgress>, ServerCallContext, Task> OnInitiate { get; set; } = (_, _) => Task.CompletedTask;

    public int Cancellations { get; private set; }

    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(2)]
    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context) => OnGetHost(context);

    [AuthorizeRoles(PeerRole.Coordinator)]
    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context) => Task.FromResult(new CheckReadinessResponse());

    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator)]
    public override Task InitiateFailback(InitiateFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context) => OnInitiate(responseStream, context);

    // Without roles on purpose: nobody may call it.
    public override Task<CancelFailbackResponse> CancelFailback(CancelFailbackRequest request, ServerCallContext context)
    {
        Cancellations++;
        return Task.FromResult(new CancelFailbackResponse());
    }
}
