using Grpc.Core;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;
using Microsoft.AspNetCore.Authorization;
using Host = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Agent.Service;

/// <summary>The methods that start, follow and end failbacks. The contract is protos/hyperv/failback/v1/failback.proto.</summary>
internal sealed class FailbackService(OperationCalls calls, HostOperations operations, FailbackKind failback, HostQueries queries)
    : Contracts.Failback.V1.Failback.FailbackBase
{
    // Each of these calls asks the host many things.
    private const int MaxChecksPerPeer = 256;

    /// <summary>The policy of the methods that start and cancel operations: coordinators and, when the agent is configured so, operators.</summary>
    public const string StartFailbacks = "start-failbacks";

    /// <inheritdoc/>
    [Authorize(Policy = StartFailbacks)]
    public override Task InitiateFailback(
        InitiateFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => calls.StartAsync(request.OperationId, caller => FailbackRequests.Read(request, failback, caller), responseStream, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator)]
    public override Task<ClaimCampaignResponse> ClaimCampaign(ClaimCampaignRequest request, ServerCallContext context)
        => calls.GuardAsync(async () =>
        {
            var position = await operations.ClaimAsync(FailbackRequests.ReadClaim(request, context.GetPeer()), OperationCalls.ConnectionOf(context));
            return new ClaimCampaignResponse { Journal = OperationMessages.Of(position) };
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task WatchFailback(
        WatchFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => calls.WatchAsync(request.OperationId, request.AfterSequence, request.SentBefore, responseStream, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<FailbackOperation> GetFailback(GetFailbackRequest request, ServerCallContext context) => calls.GetAsync(request.OperationId, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListFailbacksResponse> ListFailbacks(ListFailbacksRequest request, ServerCallContext context)
    {
        var (operations, next) = await calls.ListAsync(
            new OperationListing(request.PageSize, request.PageToken, request.VirtualMachineId, request.CampaignId, request.LiveOnly, failback.Name), context);
        return new ListFailbacksResponse { Operations = { operations }, NextPageToken = next };
    }

    /// <inheritdoc/>
    [Authorize(Policy = StartFailbacks)]
    public override async Task<CancelFailbackResponse> CancelFailback(CancelFailbackRequest request, ServerCallContext context)
    {
        var (operation, code, explanation) = await calls.CancelAsync(request.OperationId, request.ConfirmPossibleDataLoss, request.Reason, context);
        var response = new CancelFailbackResponse { Operation = operation, Explanation = explanation };
        if (code is { } number)
        {
            response.ReturnCode = number;
        }

        return response;
    }

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context)
        => calls.GuardAsync(() => queries.CheckReadinessAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
        => calls.GuardAsync(() => queries.ListVirtualMachinesAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<ListRecoveryPointsResponse> ListRecoveryPoints(ListRecoveryPointsRequest request, ServerCallContext context)
        => calls.GuardAsync(() => queries.ListRecoveryPointsAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context)
        => calls.GuardAsync(() => queries.GetHostAsync(context));
}
