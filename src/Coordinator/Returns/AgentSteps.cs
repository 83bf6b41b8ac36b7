using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Telemetry;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting;
using HostAgent.Transport;
using Microsoft.Extensions.Options;
using Outcome = HostAgent.Contracts.Failback.V1.Outcome;

namespace HostAgent.Coordinator.Returns;

/// <summary>How a step ended.</summary>
/// <param name="Succeeded">Whether its own proof held.</param>
/// <param name="Explanation">What came of it, for a person.</param>
internal sealed record StepEnd(bool Succeeded, string Explanation)
{
    /// <summary>Whether it says anything about the machine; a check that found nothing to check does not.</summary>
    public bool IsVerdict { get; init; } = true;

    /// <summary>Whether trying again would change nothing: a person must.</summary>
    public bool IsLasting { get; init; }

    /// <summary>Whether the agent does not know the operation.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether nobody has told how it ended: the host is silent, and what became of it shows later.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether it has not ended by its deadline, and is no longer followed.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>The machine that a test failover has made; null for every other step, and when none is known.</summary>
    public Guid? TestMachine { get; init; }
}

/// <summary>Makes steps as operations of the agents, each once, and follows them.</summary>
internal sealed partial class AgentSteps(AgentRegistry registry, AgentClient calls, CoordinatorInstance instance, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<AgentSteps> logger)
{
    // After this long without an answer the pair is decided on anew: a host that is gone must not hold an outage up.
    private static readonly TimeSpan SilentAtMost = TimeSpan.FromSeconds(45);
    // What a job answers that has ended, or is going to, on request.
    private const uint JobCompleted = 0;
    private const uint JobStarted = 4096;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <summary>What tells an agent for whom an operation is made.</summary>
    public CampaignContext Context(Guid uid, Guid machine, int step, long epoch) => new()
    {
        CampaignId = uid.ToString("D"),
        ItemId = machine.ToString("D"),
        Attempt = step,
        Epoch = epoch,
        CoordinatorInstance = instance.Id.ToString("D"),
    };

    /// <summary>Fences every earlier owner out at an agent.</summary>
    /// <returns>False when the agent has not answered.</returns>
    /// <exception cref="RpcFailure">The agent refuses this coordinator.</exception>
    public async Task<bool> TryClaimAsync(Guid uid, long epoch, string host, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            return true;
        }

        var claim = instance.Claim(uid, epoch);
        try
        {
            await calls.CallAsync(connection, call => connection.Agent.ClaimCampaignAsync(claim, call).ResponseAsync, cancellationToken);
            return true;
        }
        catch (RpcFailure failure) when (failure.Domain != RpcFailure.ProductDomain || failure.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
        catch (RpcFailure failure)
        {
            throw new RpcFailure(failure.StatusCode, failure.Reason, $"{host} refuses this coordinator: {failure.Message}", failure) { Domain = failure.Domain, Metadata = failure.Metadata };
        }
    }

    /// <summary>Sends a step that was never sent before, and follows it to its end.</summary>
    /// <param name="host">Where.</param>
    /// <param name="request">The operation.</param>
    /// <param name="show">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops following; the operation goes on.</param>
    public async Task<StepEnd> MakeAsync(string host, StartOperationRequest request, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            return NotInInventory(host);
        }

        long seen = 0;
        using var span = CoordinatorTelemetry.StartOperation($"operation.start {request.Kind}", request.OperationId, host);
        try
        {
            using var call = connection.Operations.StartOperation(request, cancellationToken: cancellationToken);
            return await ReadAsync(request.Kind, call.ResponseStream, sequence => seen = sequence, show, cancellationToken)
                ?? await FollowAsync(host, request.OperationId, request.Kind, seen, show, cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = RpcFailure.From(exception, connection.Host.Address.Authority);
            return failure.Domain == RpcFailure.ProductDomain && failure.StatusCode != StatusCode.Unavailable
                ? new StepEnd(Succeeded: false, failure.Message)
                : await FollowAsync(host, request.OperationId, request.Kind, seen, show, cancellationToken);
        }
    }

    /// <summary>Follows a step that may have been sent: by an earlier process, or over a connection that broke. It is never sent again.</summary>
    public async Task<StepEnd> FollowAsync(string host, string operationId, OperationKind kind, long afterSequence, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            return NotInInventory(host);
        }

        var (seen, silentSince, backoff) = (afterSequence, time.GetTimestamp(), new ExponentialBackoff(FirstRetry, LongestRetry));
        while (true)
        {
            try
            {
                using var call = connection.Operations.WatchOperation(new WatchOperationRequest { OperationId = operationId, AfterSequence = seen }, cancellationToken: cancellationToken);
                if (await ReadAsync(kind, call.ResponseStream, sequence => (seen, silentSince) = (sequence, time.GetTimestamp()), show, cancellationToken) is { } end)
                {
                    return end;
                }

                return await OutcomeAsync(connection, operationId, cancellationToken);
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = RpcFailure.From(exception, connection.Host.Address.Authority);
                if (failure.Domain == RpcFailure.ProductDomain && failure.StatusCode != StatusCode.Unavailable)
                {
                    return failure.StatusCode == StatusCode.NotFound
                        ? new StepEnd(Succeeded: false, $"It never reached {connection.Host.Name}, and is not sent again: what is there is read, and it is decided anew.") { IsUnknown = true }
                        : new StepEnd(Succeeded: false, failure.Message);
                }

                if (time.GetElapsedTime(silentSince) >= SilentAtMost)
                {
                    connection.NoteFailure(failure);
                    return new StepEnd(Succeeded: false, string.Create(CultureInfo.InvariantCulture, $"{connection.Host.Name} has not answered for {SilentAtMost.TotalSeconds:0} s; what became of it shows when the host answers again.")) { IsOpen = true };
                }

                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }
    }

    /// <summary>Asks a host to terminate the job of a step. Where it has none, its agent gives the step up. Its stream, or the next read, shows what came of it.</summary>
    /// <exception cref="RpcFailure">FAILED_PRECONDITION (STEP_NOT_CANCELLED), UNAVAILABLE (HOST_UNREACHABLE).</exception>
    public async Task CancelAsync(string host, Guid operationId, string reason, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(host, out var connection))
        {
            throw CampaignFailures.HostNotFound(host);
        }

        var request = new CancelOperationRequest { OperationId = operationId.ToString("D"), ConfirmPossibleDataLoss = true, Reason = AgentClient.Reason(reason) };
        try
        {
            var answer = await calls.CallAsync(connection, call => connection.Operations.CancelOperationAsync(request, call).ResponseAsync, cancellationToken);
            LogCancelled(logger, operationId, connection.Host.Name, answer.Explanation);
            if (answer.HasReturnCode && answer.ReturnCode is not (JobCompleted or JobStarted))
            {
                throw NotCancelled(connection.Host.Name, request.OperationId, answer.Explanation);
            }
        }
        catch (RpcFailure failure) when (failure.Domain == RpcFailure.ProductDomain && failure.StatusCode != StatusCode.Unavailable)
        {
            throw NotCancelled(connection.Host.Name, request.OperationId, failure.Message);
        }
        catch (RpcFailure failure) when (failure.Domain != CampaignFailures.Domain)
        {
            throw CampaignFailures.HostUnreachable(connection.Host.Name, connection.Host.Address, failure);
        }
    }

    private static RpcFailure NotCancelled(string host, string operation, string why)
        => CampaignFailures.Precondition("STEP_NOT_CANCELLED", $"{host} does not cancel it: {why.TrimEnd('.')}", ("host", host), ("operation", operation));

    private static StepEnd NotInInventory(string host) => new(Succeeded: false, $"Host {host} is not in the inventory any more.") { IsOpen = true };

    private async Task<StepEnd> OutcomeAsync(AgentConnection connection, string operationId, CancellationToken cancellationToken)
    {
        var operation = await connection.Operations.GetOperationAsync(
            new GetOperationRequest { OperationId = operationId }, deadline: time.GetUtcNow().UtcDateTime + options.Value.CallTimeout, cancellationToken: cancellationToken);
        return End(operation.Outcome ?? new Outcome { State = operation.State, Explanation = "It has not ended." }, operation.TestMachineId);
    }

    // The end that the stream showed; null when it ended without one.
    private static async Task<StepEnd?> ReadAsync(OperationKind kind, IAsyncStreamReader<FailbackProgress> stream, Action<long> reached, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        await foreach (var progress in stream.ReadAllAsync(cancellationToken))
        {
            reached(progress.Sequence);
            show(progress);
            if (progress.Outcome is { } outcome)
            {
                return End(outcome, progress.TestMachineId);
            }

            // A copy takes hours, and production goes on: what comes next is decided by what the hosts show meanwhile.
            if (kind is OperationKind.StartReplication or OperationKind.Resynchronize && progress.State == OperationState.Running)
            {
                return new StepEnd(Succeeded: true, "The host has begun the copy.");
            }
        }

        return null;
    }

    private static StepEnd End(Outcome outcome, string testMachine)
        => new(outcome.State is OperationState.Succeeded or OperationState.SucceededWithWarnings, outcome.Failure?.Message is { Length: > 0 } message ? message : outcome.Explanation)
        {
            TestMachine = Guid.TryParse(testMachine, out var id) ? id : null,
        };

    [LoggerMessage(EventId = 4105, Level = LogLevel.Information, Message = "The cancellation of operation {OperationId} on {Host} was answered: {Explanation}")]
    private static partial void LogCancelled(ILogger logger, Guid operationId, string host, string explanation);
}
