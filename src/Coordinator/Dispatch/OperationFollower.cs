using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Telemetry;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>
/// Follows one operation on one agent from its start, or from its current state, to its end. An initiation is sent once: whether it
/// is sent again is decided by the campaign. A stream that breaks after the agent has shown the operation is reopened with backoff
/// as <c>WatchFailback</c>, after the last reported event.
/// </summary>
internal sealed partial class OperationFollower(
    TimeProvider time,
    JitterSource jitter,
    AgentClient calls,
    AgentRetries retries,
    IOptions<CoordinatorOptions> options,
    ILogger<OperationFollower> logger)
{
    private readonly SharedCalls<(string Campaign, long Epoch, string Host), ClaimCampaignResponse> _claims = new();

    /// <summary>Follows an operation until it is concluded, refused, undelivered or lost.</summary>
    /// <exception cref="OperationCanceledException">Following was cancelled; the operation continues.</exception>
    public async Task FollowAsync(AgentConnection connection, FollowedOperation operation, IOperationObserver observer, CancellationToken cancellationToken)
    {
        long lastSequence = 0;
        var stream = operation.Request is { } request
            ? await InitiateAsync(connection, operation, request, observer, cancellationToken)
            : await WatchAsync(connection, operation, lastSequence, observer, cancellationToken);
        while (stream is not null)
        {
            var before = lastSequence;
            using (stream)
            {
                (lastSequence, var isTerminal) = await ReadAsync(connection, operation, stream, lastSequence, observer, cancellationToken);
                if (isTerminal)
                {
                    return;
                }
            }

            if (lastSequence == before)
            {
                // A stream that opens and breaks at once must not be reopened in a tight loop.
                await Task.Delay(options.Value.ReconnectDelay * (0.5 + jitter()), time, cancellationToken);
            }

            stream = await WatchAsync(connection, operation, lastSequence, observer, cancellationToken);
        }
    }

    private async Task<ProgressStream?> InitiateAsync(
        AgentConnection connection,
        FollowedOperation operation,
        InitiateFailbackRequest request,
        IOperationObserver observer,
        CancellationToken cancellationToken)
    {
        using var span = CoordinatorTelemetry.StartOperation("operation.initiate", operation.OperationId, connection.Host.Name);
        if (operation.Claim is { } claim && !await ClaimAsync(connection, operation, claim, observer, cancellationToken))
        {
            return null;
        }

        try
        {
            return await ProgressStream.OpenAsync(
                connection,
                callOptions => connection.Agent.InitiateFailback(request, callOptions),
                options.Value.CallTimeout,
                time,
                cancellationToken);
        }
        catch (RpcFailure failure) when (AgentRefusals.IsFence(failure))
        {
            LogFenced(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Reason, failure.Message);
            await observer.FencedAsync(failure);
        }
        catch (RpcFailure failure) when (AgentRefusals.IsDefinite(failure))
        {
            LogRefused(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Reason, failure.Message);
            await observer.RefusedAsync(failure);
        }
        catch (RpcFailure failure)
        {
            // An agent that sends an invalid response is unusable too; the next successful call marks it reachable.
            connection.MarkUnreachable(failure);
            LogUndelivered(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Message);
            await observer.UndeliveredAsync(failure, AgentRefusals.MayHaveBeenDelivered(failure));
        }

        return null;
    }

    /// <summary>
    /// Claims the campaign on the host and, the first time, makes the answer durable: from then on a replaced or restored journal is detected. Items that start together on a host share
    /// one claim: it costs the agent a commit.
    /// </summary>
    private async Task<bool> ClaimAsync(
        AgentConnection connection, FollowedOperation operation, ClaimCampaignRequest claim, IOperationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _claims.AskAsync(
                (claim.CampaignId, claim.Epoch, connection.Host.Name),
                token => calls.CallAsync(connection, callOptions => connection.Agent.ClaimCampaignAsync(claim, callOptions).ResponseAsync, token),
                cancellationToken);
            var journal = AgentAnswers.Require(answer.Journal, connection.Host.Name);
            if (operation.ReportsClaim)
            {
                await observer.ClaimedAsync(journal);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
        catch (RpcFailure failure) when (AgentRefusals.IsFence(failure))
        {
            LogFenced(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Reason, failure.Message);
            await observer.FencedAsync(failure);
        }
        catch (RpcFailure failure)
        {
            connection.MarkUnreachable(failure);
            LogUndelivered(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Message);
            await observer.UndeliveredAsync(failure, mayHaveBeenDelivered: false);
        }

        return false;
    }

    private async Task<ProgressStream?> WatchAsync(
        AgentConnection connection,
        FollowedOperation operation,
        long lastSequence,
        IOperationObserver observer,
        CancellationToken cancellationToken)
    {
        // One back: the last reported event is sent again at once, even when the operation is quiet.
        var request = new WatchFailbackRequest { OperationId = operation.OperationId, AfterSequence = Math.Max(0, lastSequence - 1), SentBefore = operation.SentBefore };
        try
        {
            return await retries.CallAsync(
                token => ProgressStream.OpenAsync(
                    connection,
                    callOptions => connection.Agent.WatchFailback(request, callOptions),
                    options.Value.CallTimeout,
                    time,
                    token),
                failure => !IsUnknownOperation(failure) && !IsJournalLost(failure),
                (failure, delay) => LogWaiting(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, delay, failure.Message),
                cancellationToken);
        }
        catch (RpcFailure failure) when (IsJournalLost(failure))
        {
            LogRefused(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Reason, failure.Message);
            await observer.RefusedAsync(failure);
            return null;
        }
        catch (RpcFailure failure)
        {
            LogLost(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Message);
            await observer.LostAsync(failure);
            return null;
        }
    }

    private async Task<(long LastSequence, bool IsTerminal)> ReadAsync(
        AgentConnection connection,
        FollowedOperation operation,
        ProgressStream stream,
        long lastSequence,
        IOperationObserver observer,
        CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                var message = stream.Current;
                if (message.Kind == ProgressKind.Percent)
                {
                    await observer.AdvancedAsync(message);
                }
                else if (message.Sequence > lastSequence)
                {
                    lastSequence = message.Sequence;
                    if (message.Kind == ProgressKind.Concluded)
                    {
                        await observer.ConcludedAsync(message);
                        return (lastSequence, true);
                    }

                    await observer.ProgressedAsync(message);
                }
            }
            while (await stream.MoveNextAsync());
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var failure = RpcFailure.From(exception, connection.Host.Address.Authority);
            connection.NoteFailure(failure);
            LogBroken(operation.OperationId, operation.VirtualMachineId, connection.Host.Name, operation.Campaign, failure.Message);
        }

        return (lastSequence, false);
    }

    private static bool IsJournalLost(RpcFailure failure) => failure is { Domain: RpcFailure.ProductDomain, Reason: "JOURNAL_LOST" };

    private static bool IsUnknownOperation(RpcFailure failure)
        => failure is { StatusCode: StatusCode.NotFound, Domain: RpcFailure.ProductDomain };
}
