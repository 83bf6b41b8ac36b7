using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Cancellation;
using HostAgent.Agent.Operations.Kinds.Failbacks;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting.Paging;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Host = HostAgent.Contracts.Failback.V1.Host;

namespace HostAgent.Agent.Service;

/// <summary>The methods that start, follow and end operations. The contract is protos/hyperv/failback/v1/failback.proto.</summary>
internal sealed partial class FailbackService(
    HostOperations operations,
    OperationStreams streams,
    OperationCancellation cancellation,
    UnaccountedFailbacks unaccounted,
    FailbackKind failback,
    HostQueries queries,
    HostCallDeadline deadline,
    AgentIdentity identity,
    ILogger<FailbackService> logger) : Contracts.Failback.V1.Failback.FailbackBase
{
    private const int MaxReasonLength = 1024;

    // Each of these calls asks the host many things.
    private const int MaxChecksPerPeer = 256;

    /// <summary>The policy of the methods that start and cancel failbacks: coordinators and, when the agent is configured so, operators.</summary>
    public const string StartFailbacks = "start-failbacks";

    /// <inheritdoc/>
    [Authorize(Policy = StartFailbacks)]
    public override Task InitiateFailback(
        InitiateFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var wanted = await CommandAsync(context, request.OperationId, async _ =>
            {
                var wanted = FailbackRequests.Read(request, failback, context.GetPeer()) with { Connection = ConnectionOf(context) };
                await operations.AcceptAsync(wanted, context.CancellationToken);
                return wanted;
            });
            var last = await StreamAsync(wanted.OperationId, 0, responseStream, context.CancellationToken);
            return last?.Outcome?.Failure is { } failure ? throw Failures.Of(failure) : true;
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator)]
    public override Task<ClaimCampaignResponse> ClaimCampaign(ClaimCampaignRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var position = await operations.ClaimAsync(FailbackRequests.ReadClaim(request, context.GetPeer()), ConnectionOf(context));
            return new ClaimCampaignResponse { Journal = OperationMessages.Of(position) };
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task WatchFailback(
        WatchFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var id = errors.Uuid("operation_id", request.OperationId);
            if (request.AfterSequence < 0)
            {
                errors.Add("after_sequence", $"is {request.AfterSequence}; it must be at least 0");
            }

            var sentBefore = FailbackRequests.ReadPosition(request.SentBefore, errors);
            errors.ThrowIfAny();
            if (sentBefore is not null
                && await operations.FindAsync(id, context.CancellationToken) is null
                && await unaccounted.FindDamageAsync(sentBefore, context.CancellationToken) is { } damage)
            {
                throw Refusals.JournalLost(damage, id);
            }

            await StreamAsync(id, request.AfterSequence, responseStream, context.CancellationToken);
            return true;
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<FailbackOperation> GetFailback(GetFailbackRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var id = errors.Uuid("operation_id", request.OperationId);
            errors.ThrowIfAny();
            return Message(await operations.FindAsync(id, context.CancellationToken) ?? throw Refusals.NotFound(id));
        });

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListFailbacksResponse> ListFailbacks(ListFailbacksRequest request, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var size = PageTokens.Size(request.PageSize, PageSize.Operations, errors);
            var machine = errors.OptionalUuid("virtual_machine_id", request.VirtualMachineId);
            var campaign = errors.OptionalUuid("campaign_id", request.CampaignId);
            var filter = $"operations|{machine}|{campaign}|{request.LiveOnly}";
            var cursor = PageTokens.Read(request.PageToken, filter, errors);
            long? before = null;
            if (cursor is not null && long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
            {
                before = ordinal;
            }

            errors.ThrowIfAny();
            // One more than requested: it shows whether there is a next page.
            var query = new OperationQuery(
                size + 1, before, machine is { } id ? new VirtualMachineId(id).ToString() : null, campaign, request.LiveOnly);
            var found = await operations.ListAsync(query, context.CancellationToken);
            var response = new ListFailbacksResponse();
            response.Operations.Add(found.Take(size).Select(Message));
            if (found.Count > size)
            {
                response.NextPageToken = PageTokens.Write(filter, found[size - 1].Ordinal.ToString(CultureInfo.InvariantCulture));
            }

            return response;
        });

    /// <inheritdoc/>
    [Authorize(Policy = StartFailbacks)]
    public override Task<CancelFailbackResponse> CancelFailback(CancelFailbackRequest request, ServerCallContext context)
        => GuardAsync(() => CommandAsync(context, request.OperationId, async actor =>
        {
            var errors = new FieldErrors();
            var id = errors.Uuid("operation_id", request.OperationId);
            if (request.Reason.Length > MaxReasonLength)
            {
                errors.Add("reason", $"has {request.Reason.Length} characters; it must have at most {MaxReasonLength}");
            }

            errors.ThrowIfAny();
            var answer = await deadline.AskAsync(
                token => cancellation.CancelAsync(id, request.ConfirmPossibleDataLoss, request.Reason, actor, token), context);
            var response = new CancelFailbackResponse { Operation = Message(answer.Operation), Explanation = answer.Explanation };
            if (answer.ReturnCode is { } code)
            {
                response.ReturnCode = code;
            }

            return response;
        }));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context)
        => GuardAsync(() => queries.CheckReadinessAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
        => GuardAsync(() => queries.ListVirtualMachinesAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    [MaxConcurrentCalls(MaxChecksPerPeer)]
    public override Task<ListRecoveryPointsResponse> ListRecoveryPoints(ListRecoveryPointsRequest request, ServerCallContext context)
        => GuardAsync(() => queries.ListRecoveryPointsAsync(request, context));

    /// <inheritdoc/>
    [AuthorizeRoles(PeerRole.Coordinator, PeerRole.Operator, PeerRole.Viewer)]
    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context)
        => GuardAsync(() => queries.GetHostAsync(context));

    // Without one (in a test's own server) the caller counts as gone at once.
    private static CancellationToken ConnectionOf(ServerCallContext context)
        => context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? new CancellationToken(canceled: true);

    private FailbackOperation Message(OperationSnapshot operation)
        => OperationMessages.Of(operation, operations.QueuePositionOf(operation.Facts.OperationId));

    // Sends an operation's events until it is terminal, and returns the last one sent; null when it was terminal and all was sent before.
    private async Task<OperationEvent?> StreamAsync(
        Guid operationId, long afterSequence, IServerStreamWriter<FailbackProgress> stream, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, operations.Stopping);
        OperationEvent? last = null;
        try
        {
            await foreach (var happened in streams.WatchAsync(operationId, afterSequence, ending.Token))
            {
                last = happened;
                await stream.WriteAsync(OperationMessages.Of(operationId, happened), ending.Token);
            }
        }
        catch (OperationCanceledException) when (operations.Stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Refusals.Draining(identity.HostName);
        }

        return last;
    }

    // Every command is logged with its caller and its result.
    private async Task<T> CommandAsync<T>(ServerCallContext context, string operationId, Func<string, Task<T>> command)
    {
        var (actor, method) = (context.GetPeer().Actor, context.Method[(context.Method.LastIndexOf('/') + 1)..]);
        try
        {
            var answer = await command(actor);
            LogCommandTaken(method, actor, context.Peer, Shown(operationId), identity.HostName);
            return answer;
        }
        catch (Exception exception)
        {
            var refusal = exception as RpcFailure ?? Failures.Of(exception, identity.HostName);
            LogCommandRefused(method, actor, context.Peer, refusal?.StatusCode.ToString() ?? exception.GetType().Name, refusal?.Reason ?? "", Shown(operationId), identity.HostName);
            throw;
        }
    }

    // An id comes from the caller, who may have written anything there.
    private static string Shown(string operationId) => Guid.TryParse(operationId, out var id) ? id.ToString() : "no UUID";

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not RpcFailure && Failures.Of(exception, identity.HostName) is not null)
        {
            throw Failures.Of(exception, identity.HostName)!;
        }
    }

    [LoggerMessage(EventId = 2500, Level = LogLevel.Information, Message = "{Method} by {Actor} at {Source} accepted: operation_id {OperationId}, host {Host}")]
    private partial void LogCommandTaken(string method, string actor, string source, string operationId, string host);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Warning, Message = "{Method} by {Actor} at {Source} refused, {Status} {Reason}: operation_id {OperationId}, host {Host}")]
    private partial void LogCommandRefused(string method, string actor, string source, string status, string reason, string operationId, string host);
}
