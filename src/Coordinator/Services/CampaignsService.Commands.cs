using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Ownership;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <content>The commands, which the campaign's owner executes.</content>
internal sealed partial class CampaignsService
{
    [AuthorizeRoles(PeerRole.Operator)]
    [MaxConcurrentCalls(MaxDocumentsPerPeer)]
    public override Task<Campaign> UpdateCampaign(UpdateCampaignRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> StartCampaign(StartCampaignRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> PauseCampaign(PauseCampaignRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ResumeCampaign(ResumeCampaignRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> StopCampaign(StopCampaignRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Empty> DeleteCampaign(DeleteCampaignRequest request, ServerCallContext context) => CallAsync<Empty>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> ApproveWave(ApproveWaveRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> RejectWave(RejectWaveRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Campaign> EndSoak(EndSoakRequest request, ServerCallContext context) => CallAsync<Campaign>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<RetryItemsResponse> RetryItems(RetryItemsRequest request, ServerCallContext context) => CallAsync<RetryItemsResponse>(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> CancelItem(CancelItemRequest request, ServerCallContext context) => CallItemAsync(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> SkipItem(SkipItemRequest request, ServerCallContext context) => CallItemAsync(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> ResolveItem(ResolveItemRequest request, ServerCallContext context) => CallItemAsync(request.Name, request, context);

    [AuthorizeRoles(PeerRole.Operator)]
    public override Task<Item> RecheckItem(RecheckItemRequest request, ServerCallContext context) => CallItemAsync(request.Name, request, context);

    private Task<Item> CallItemAsync(string name, IMessage request, ServerCallContext context)
        => CallAsync<Item>(ResourceNames.Campaign(ResourceNames.ParseItem(name, "name").CampaignId), request, context);

    private async Task<TResponse> CallAsync<TResponse>(string campaign, IMessage request, ServerCallContext context)
        => (TResponse)await owners.CallAsync(ResourceNames.ParseCampaign(campaign, "name"), CampaignCall.Of(context, request), context.CancellationToken);
}
