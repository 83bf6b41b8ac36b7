using Google.Protobuf;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Tests.Fakes;

/// <summary>A service Campaigns that answers what a test has told it to, and remembers what it was asked.</summary>
[AuthorizeRoles(PeerRole.Operator, PeerRole.Viewer)]
public sealed class FakeCampaigns : HostAgent.Contracts.Campaigns.V1.Campaigns.CampaignsBase
{
    private readonly Dictionary<Type, Func<IMessage, IMessage>> _answers = [];

    public List<IMessage> Requests { get; } = [];

    public Func<WatchCampaignRequest, IServerStreamWriter<CampaignUpdate>, ServerCallContext, Task>? Watch { get; set; }

    public Func<ExportReportRequest, IServerStreamWriter<ExportReportResponse>, Task>? Report { get; set; }

    public Func<IServerStreamWriter<ExportRunbookResponse>, Task>? Runbook { get; set; }

    /// <summary>The audit of every campaign.</summary>
    public List<AuditRecord> Audit { get; set; } = [];

    /// <summary>Called when all of the audit has been sent.</summary>
    public Action AuditEnds { get; set; } = () => { };

    public void Reset()
    {
        Audit = [];
        AuditEnds = () => { };
        _answers.Clear();
        Requests.Clear();
        Watch = null;
        Report = null;
    }

    public void On<TRequest, TResponse>(Func<TRequest, TResponse> answer)
        where TRequest : IMessage
        where TResponse : IMessage
        => _answers[typeof(TRequest)] = request => answer((TRequest)request);

    public override Task<ServerInfo> GetServerInfo(GetServerInfoRequest request, ServerCallContext context) => Answer<ServerInfo>(request);

    public override Task<ValidateCampaignResponse> ValidateCampaign(ValidateCampaignRequest request, ServerCallContext context) => Answer<ValidateCampaignResponse>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<CampaignPlan> PlanCampaign(PlanCampaignRequest request, ServerCallContext context) => Answer<CampaignPlan>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> CreateCampaign(CreateCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> UpdateCampaign(UpdateCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> StartCampaign(StartCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> PauseCampaign(PauseCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ResumeCampaign(ResumeCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> StopCampaign(StopCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    public override Task<Campaign> GetCampaign(GetCampaignRequest request, ServerCallContext context) => Answer<Campaign>(request);

    public override Task<ListCampaignsResponse> ListCampaigns(ListCampaignsRequest request, ServerCallContext context) => Answer<ListCampaignsResponse>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Google.Protobuf.WellKnownTypes.Empty> DeleteCampaign(DeleteCampaignRequest request, ServerCallContext context) => Answer<Google.Protobuf.WellKnownTypes.Empty>(request);

    public override Task<ExplainCampaignResponse> ExplainCampaign(ExplainCampaignRequest request, ServerCallContext context) => Answer<ExplainCampaignResponse>(request);

    public override Task<Item> GetItem(GetItemRequest request, ServerCallContext context) => Answer<Item>(request);

    public override Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context) => Answer<ListItemsResponse>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ApproveWave(ApproveWaveRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> RejectWave(RejectWaveRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> EndSoak(EndSoakRequest request, ServerCallContext context) => Answer<Campaign>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context) => Answer<RetryItemsResponse>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> CancelItem(CancelItemRequest request, ServerCallContext context) => Answer<Item>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> SkipItem(SkipItemRequest request, ServerCallContext context) => Answer<Item>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> ResolveItem(ResolveItemRequest request, ServerCallContext context) => Answer<Item>(request);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> RecheckItem(RecheckItemRequest request, ServerCallContext context) => Answer<Item>(request);

    public override Task WatchCampaign(WatchCampaignRequest request, IServerStreamWriter<CampaignUpdate> responseStream, ServerCallContext context)
    {
        Requests.Add(request);
        return Watch is { } watch ? watch(request, responseStream, context) : throw NotExpected(request);
    }

    public override Task ExportReport(ExportReportRequest request, IServerStreamWriter<ExportReportResponse> responseStream, ServerCallContext context)
    {
        Requests.Add(request);
        return Report is { } report ? report(request, responseStream) : throw NotExpected(request);
    }

    public override Task ExportRunbook(ExportRunbookRequest request, IServerStreamWriter<ExportRunbookResponse> responseStream, ServerCallContext context)
    {
        Requests.Add(request);
        return Runbook is { } runbook ? runbook(responseStream) : throw NotExpected(request);
    }

    public override async Task ExportAudit(ExportAuditRequest request, IServerStreamWriter<AuditRecord> responseStream, ServerCallContext context)
    {
        foreach (var record in Audit)
        {
            await responseStream.WriteAsync(record);
        }

        AuditEnds();
    }

    private static RpcException NotExpected(IMessage request)
        => new RpcFailure(StatusCode.Unimplemented, "NOT_EXPECTED", $"The test did not expect {request.Descriptor.Name}.").ToRpcException();

    private Task<TResponse> Answer<TResponse>(IMessage request)
    {
        Requests.Add(request.Clone());
        return _answers.TryGetValue(request.GetType(), out var answer) ? Task.FromResult((TResponse)answer(request)) : throw NotExpected(request);
    }
}

internal static class MessageClone
{
    /// <summary>A copy, because a caller pages by changing one request.</summary>
    public static IMessage Clone(this IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteString());
}
