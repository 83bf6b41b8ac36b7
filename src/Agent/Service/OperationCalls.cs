using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Hosting;
using HostAgent.Agent.Operations;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Cancellation;
using HostAgent.Agent.Operations.Model;
using HostAgent.Agent.Wire;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting.Paging;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using Microsoft.AspNetCore.Connections.Features;
using JournalPosition = HostAgent.Contracts.Failback.V1.JournalPosition;

namespace HostAgent.Agent.Service;

/// <summary>What the services <c>Failback</c> and <c>Operations</c> do alike with operations.</summary>
internal sealed partial class OperationCalls(
    HostOperations operations,
    OperationStreams streams,
    OperationCancellation cancellation,
    UnaccountedFailbacks unaccounted,
    HostCallDeadline deadline,
    AgentIdentity identity,
    ILogger<OperationCalls> logger)
{
    private const int MaxReasonLength = 1024;

    /// <summary>Accepts an operation and sends its events until it has ended; fails as the operation did.</summary>
    /// <param name="operationId">The id as the caller wrote it, for the log.</param>
    /// <param name="read">Checks the request.</param>
    /// <param name="stream">Where the events go.</param>
    /// <param name="context">The call.</param>
    public Task StartAsync(string operationId, Func<PeerIdentity, OperationRequest> read, IServerStreamWriter<FailbackProgress> stream, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var wanted = await CommandAsync(context, operationId, async _ =>
            {
                var wanted = read(context.GetPeer()) with { Connection = ConnectionOf(context) };
                await operations.AcceptAsync(wanted, context.CancellationToken);
                return wanted;
            });
            var last = await StreamAsync(wanted.OperationId, 0, stream, context.CancellationToken);
            return last?.Outcome?.Failure is { } failure ? throw Failures.Of(failure) : true;
        });

    /// <summary>Sends the events of an existing operation.</summary>
    public Task WatchAsync(string operationId, long afterSequence, JournalPosition? sentBefore, IServerStreamWriter<FailbackProgress> stream, ServerCallContext context)
        => GuardAsync(async () =>
        {
            var errors = new FieldErrors();
            var id = errors.Uuid("operation_id", operationId);
            if (afterSequence < 0)
            {
                errors.Add("after_sequence", $"is {afterSequence}; it must be at least 0");
            }

            var position = FailbackRequests.ReadPosition(sentBefore, errors);
            errors.ThrowIfAny();
            if (position is not null
                && await operations.FindAsync(id, context.CancellationToken) is null
                && await unaccounted.FindDamageAsync(position, context.CancellationToken) is { } damage)
            {
                throw Refusals.JournalLost(damage, id);
            }

            await StreamAsync(id, afterSequence, stream, context.CancellationToken);
            return true;
        });

    /// <summary>One operation.</summary>
    public Task<FailbackOperation> GetAsync(string operationId, ServerCallContext context) => GuardAsync(async () =>
    {
        var errors = new FieldErrors();
        var id = errors.Uuid("operation_id", operationId);
        errors.ThrowIfAny();
        return Message(await operations.FindAsync(id, context.CancellationToken) ?? throw Refusals.NotFound(id));
    });

    /// <summary>A page of operations, newest first, with the token of the next one.</summary>
    /// <param name="asked">What to list.</param>
    /// <param name="context">The call.</param>
    public Task<(IReadOnlyList<FailbackOperation> Operations, string NextPageToken)> ListAsync(OperationListing asked, ServerCallContext context) => GuardAsync(async () =>
    {
        var errors = new FieldErrors();
        var size = PageTokens.Size(asked.PageSize, PageSize.Operations, errors);
        var machine = errors.OptionalUuid("virtual_machine_id", asked.VirtualMachineId);
        var campaign = errors.OptionalUuid("campaign_id", asked.CampaignId);
        var filter = $"operations|{machine}|{campaign}|{asked.LiveOnly}|{asked.Kind}";
        var cursor = PageTokens.Read(asked.PageToken, filter, errors);
        long? before = null;
        if (cursor is not null && long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal))
        {
            before = ordinal;
        }

        errors.ThrowIfAny();
        // One more than requested: it shows whether there is a next page.
        var query = new OperationQuery(size + 1, before, machine is { } id ? new VirtualMachineId(id).ToString() : null, campaign, asked.LiveOnly, asked.Kind);
        var found = await operations.ListAsync(query, context.CancellationToken);
        IReadOnlyList<FailbackOperation> page = [.. found.Take(size).Select(Message)];
        return (page, found.Count > size ? PageTokens.Write(filter, found[size - 1].Ordinal.ToString(CultureInfo.InvariantCulture)) : "");
    });

    /// <summary>Takes an operation back.</summary>
    public Task<(FailbackOperation Operation, uint? ReturnCode, string Explanation)> CancelAsync(string operationId, bool confirmed, string reason, ServerCallContext context)
        => GuardAsync(() => CommandAsync(context, operationId, async actor =>
        {
            var errors = new FieldErrors();
            var id = errors.Uuid("operation_id", operationId);
            if (reason.Length > MaxReasonLength)
            {
                errors.Add("reason", $"has {reason.Length} characters; it must have at most {MaxReasonLength}");
            }

            errors.ThrowIfAny();
            var answer = await deadline.AskAsync(token => cancellation.CancelAsync(id, confirmed, reason, actor, token), context);
            return (Message(answer.Operation), answer.ReturnCode, answer.Explanation);
        }));

    /// <summary>Where the connection of a call ends. Without one (in a test's own server) the caller counts as gone at once.</summary>
    public static CancellationToken ConnectionOf(ServerCallContext context)
        => context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? new CancellationToken(canceled: true);

    /// <summary>Turns what an operation or the host refused into the status of the call.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> call)
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

    [LoggerMessage(EventId = 2500, Level = LogLevel.Information, Message = "{Method} by {Actor} at {Source} accepted: operation_id {OperationId}, host {Host}")]
    private partial void LogCommandTaken(string method, string actor, string source, string operationId, string host);

    [LoggerMessage(EventId = 2501, Level = LogLevel.Warning, Message = "{Method} by {Actor} at {Source} refused, {Status} {Reason}: operation_id {OperationId}, host {Host}")]
    private partial void LogCommandRefused(string method, string actor, string source, string status, string reason, string operationId, string host);
}

/// <summary>What a caller wants listed, as it was sent.</summary>
/// <param name="PageSize">At most this many.</param>
/// <param name="PageToken">Where the page begins.</param>
/// <param name="VirtualMachineId">Only of this machine; empty for all.</param>
/// <param name="CampaignId">Only of this campaign; empty for all.</param>
/// <param name="LiveOnly">Only what has not ended.</param>
/// <param name="Kind">Only of this kind; null for all.</param>
internal sealed record OperationListing(int PageSize, string PageToken, string VirtualMachineId, string CampaignId, bool LiveOnly, string? Kind);
