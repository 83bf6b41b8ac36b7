using Grpc.Core;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations.Kinds.Steps;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting.Paging;
using HostAgent.HyperV;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Microsoft.AspNetCore.Authorization;

namespace HostAgent.Agent.Service;

/// <summary>The steps between two hosts. The contract is protos/hyperv/failback/v1/operations.proto.</summary>
internal sealed class OperationsService(OperationCalls calls, StepKinds kinds, MachineFactsSource facts, HyperVHost host, HostCallDeadline deadline)
    : Contracts.Failback.V1.Operations.OperationsBase
{
    // Each of these calls asks the host many things.
    private const int MaxReadsPerPeer = 256;
    private const int LongestSwitch = 256;

    // And each of these for all its machines.
    private const int MaxListsPerPeer = 8;

    /// <inheritdoc/>
    [Authorize(Policy = FailbackService.StartFailbacks)]
    public override Task StartOperation(StartOperationRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => calls.StartAsync(request.OperationId, caller => OperationRequests.Read(request, kinds.ByName, caller), responseStream, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task WatchOperation(WatchOperationRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => calls.WatchAsync(request.OperationId, request.AfterSequence, sentBefore: null, responseStream, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<FailbackOperation> GetOperation(GetOperationRequest request, ServerCallContext context) => calls.GetAsync(request.OperationId, context);

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override async Task<ListOperationsResponse> ListOperations(ListOperationsRequest request, ServerCallContext context)
    {
        var (operations, next) = await calls.ListAsync(
            new OperationListing(request.PageSize, request.PageToken, request.VirtualMachineId, request.CampaignId, request.LiveOnly, Kind: null), context);
        return new ListOperationsResponse { Operations = { operations }, NextPageToken = next };
    }

    /// <inheritdoc/>
    [Authorize(Policy = FailbackService.StartFailbacks)]
    public override async Task<CancelOperationResponse> CancelOperation(CancelOperationRequest request, ServerCallContext context)
    {
        var (operation, code, explanation) = await calls.CancelAsync(request.OperationId, request.ConfirmPossibleDataLoss, request.Reason, context);
        var response = new CancelOperationResponse { Operation = operation, Explanation = explanation };
        if (code is { } number)
        {
            response.ReturnCode = number;
        }

        return response;
    }

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxReadsPerPeer)]
    public override Task<MachineFacts> GetMachineFacts(GetMachineFactsRequest request, ServerCallContext context) => calls.GuardAsync(async () =>
    {
        var errors = new FieldErrors();
        var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        if (request.VirtualSwitch.Length > LongestSwitch)
        {
            errors.Add("virtual_switch", $"has {request.VirtualSwitch.Length} characters; at most {LongestSwitch} are allowed");
        }

        errors.ThrowIfAny();
        var read = await deadline.AskAsync(token => facts.ReadAsync(id, token, request.IncludeAdapters, request.VirtualSwitch.Length == 0 ? null : request.VirtualSwitch), context);
        return FactsMessages.Of(read, read.Reading.Machine is { } machine ? host.Rules.WhyIneligible(machine) : null);
    });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxListsPerPeer)]
    public override Task<ListMachineFactsResponse> ListMachineFacts(ListMachineFactsRequest request, ServerCallContext context) => calls.GuardAsync(async () =>
    {
        const string Filter = "machine facts";
        var errors = new FieldErrors();
        var size = PageTokens.Size(request.PageSize, PageSize.MachineFacts, errors);
        var cursor = PageTokens.Read(request.PageToken, Filter, errors);
        errors.ThrowIfAny();
        var all = await deadline.AskAsync(facts.ListAsync, context);
        // A machine's place is its key, so that pages stay right while machines come and go.
        var page = all
            .Select(read => (Key: $"{read.Reading.Machine!.Name.ToUpperInvariant()}\n{read.Reading.Machine.Id}", Read: read))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SkipWhile(entry => cursor is not null && string.CompareOrdinal(entry.Key, cursor) <= 0)
            .Take(size + 1)
            .ToList();
        var response = new ListMachineFactsResponse();
        response.MachineFacts.Add(page.Take(size).Select(entry => FactsMessages.Of(entry.Read, host.Rules.WhyIneligible(entry.Read.Reading.Machine!))));
        if (page.Count > size)
        {
            response.NextPageToken = PageTokens.Write(Filter, page[size - 1].Key);
        }

        return response;
    });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxReadsPerPeer)]
    public override Task<HomeFacts> GetHomeFacts(GetHomeFactsRequest request, ServerCallContext context) => calls.GuardAsync(async () =>
    {
        var errors = new FieldErrors();
        var id = new VirtualMachineId(errors.Uuid("virtual_machine_id", request.VirtualMachineId));
        var peer = HomeFactsMessages.Read(request.Peer, errors);
        errors.ThrowIfAny();
        return HomeFactsMessages.Of(await deadline.AskAsync(token => host.ReadHomeFactsAsync(id, peer, token), context));
    });
}
