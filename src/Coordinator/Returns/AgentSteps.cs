using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Runs;
using HostAgent.Failover;
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

    /// <summary>Whether the agent does not know the operation.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>Makes steps as operations of the agents, each once, and follows them.</summary>
internal sealed class AgentSteps(AgentRegistry registry, AgentClient calls, RunServices services, TimeProvider time, IOptions<CoordinatorOptions> options)
{
    // What both reads of a decision may be old when its step begins; the agent's own limit.
    private static readonly TimeSpan FactsServe = TimeSpan.FromSeconds(15);

    // After this long without an answer the pair is decided on anew: a host that is gone must not hold an outage up.
    private static readonly TimeSpan SilentAtMost = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <summary>Fences every earlier owner of a return out at both agents, as far as they answer.</summary>
    /// <returns>The hosts that have not answered.</returns>
    public async Task<IReadOnlyList<Side>> ClaimAsync(ReturnState state, IEnumerable<Side> sides, CancellationToken cancellationToken)
    {
        var silent = new List<Side>();
        foreach (var side in sides)
        {
            if (!registry.TryFind(state.HostOf(side), out var connection))
            {
                continue;
            }

            var claim = new ClaimCampaignRequest { CampaignId = state.Uid.ToString("D"), Epoch = state.Epoch, CoordinatorInstance = services.Instance.ToString("D") };
            try
            {
                await calls.CallAsync(connection, call => connection.Agent.ClaimCampaignAsync(claim, call).ResponseAsync, cancellationToken);
            }
            catch (RpcFailure failure) when (failure.Domain != RpcFailure.ProductDomain || failure.StatusCode == StatusCode.Unavailable)
            {
                silent.Add(side);
            }
        }

        return silent;
    }

    /// <summary>Sends a step that was never sent before, and follows it to its end. A copy is followed until it runs.</summary>
    /// <param name="state">The return, with the step in hand.</param>
    /// <param name="step">The step in hand.</param>
    /// <param name="read">What it was decided on.</param>
    /// <param name="show">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops following; the operation goes on.</param>
    public async Task<StepEnd> MakeAsync(ReturnState state, MadeStep step, PairRead read, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(state.HostOf(step.Side), out var connection))
        {
            return new StepEnd(Succeeded: false, $"Host {state.HostOf(step.Side)} is not in the inventory any more.");
        }

        // What was written at home is given up on the way back: a guest that has not come up is not asked, and would not answer.
        var turnsOff = step is { Kind: StepKind.ShutDownGuest, Side: Side.Home } && state is { Goal: Goal.Back, Records.Verification: not { Healthy: true } };
        if ((turnsOff ? OperationKind.TurnOff : KindOf(step.Kind)) is not { } kind)
        {
            return new StepEnd(Succeeded: false, $"The agents have no operation for it: make it by hand on {connection.Host.Name}; the return then goes on from what the hosts show.");
        }

        long seen = 0;
        try
        {
            using var call = connection.Operations.StartOperation(Request(state, step, kind, read), cancellationToken: cancellationToken);
            return await ReadAsync(step, call.ResponseStream, sequence => seen = sequence, show, cancellationToken)
                ?? await FollowAsync(state, step, seen, show, cancellationToken);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = RpcFailure.From(exception, connection.Host.Address.Authority);
            return failure.Domain == RpcFailure.ProductDomain && failure.StatusCode != StatusCode.Unavailable
                ? new StepEnd(Succeeded: false, failure.Message)
                : await FollowAsync(state, step, seen, show, cancellationToken);
        }
    }

    /// <summary>Follows a step that may have been sent: by an earlier process, or over a connection that broke. It is never sent again.</summary>
    public async Task<StepEnd> FollowAsync(ReturnState state, MadeStep step, long afterSequence, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(state.HostOf(step.Side), out var connection))
        {
            return new StepEnd(Succeeded: false, $"Host {state.HostOf(step.Side)} is not in the inventory any more.");
        }

        var (seen, silentSince, backoff) = (afterSequence, time.GetTimestamp(), new ExponentialBackoff(FirstRetry, LongestRetry));
        while (true)
        {
            try
            {
                using var call = connection.Operations.WatchOperation(
                    new WatchOperationRequest { OperationId = step.OperationId!.Value.ToString("D"), AfterSequence = seen }, cancellationToken: cancellationToken);
                if (await ReadAsync(step, call.ResponseStream, sequence => (seen, silentSince) = (sequence, time.GetTimestamp()), show, cancellationToken) is { } end)
                {
                    return end;
                }

                return await OutcomeAsync(connection, step, cancellationToken);
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = RpcFailure.From(exception, connection.Host.Address.Authority);
                if (failure.Domain == RpcFailure.ProductDomain && failure.StatusCode != StatusCode.Unavailable)
                {
                    return failure.StatusCode == StatusCode.NotFound
                        ? new StepEnd(Succeeded: false, $"It never reached {connection.Host.Name}, and is not sent again: both hosts are read and it is decided anew.") { IsUnknown = true }
                        : new StepEnd(Succeeded: false, failure.Message);
                }

                if (time.GetElapsedTime(silentSince) >= SilentAtMost)
                {
                    connection.NoteFailure(failure);
                    return new StepEnd(Succeeded: false, string.Create(CultureInfo.InvariantCulture, $"{connection.Host.Name} has not answered for {SilentAtMost.TotalSeconds:0} s; what became of it shows when the host answers again."));
                }

                await Task.Delay(backoff.Next(), time, cancellationToken);
            }
        }
    }

    private async Task<StepEnd> OutcomeAsync(AgentConnection connection, MadeStep step, CancellationToken cancellationToken)
    {
        var operation = await connection.Operations.GetOperationAsync(
            new GetOperationRequest { OperationId = step.OperationId!.Value.ToString("D") }, deadline: time.GetUtcNow().UtcDateTime + options.Value.CallTimeout, cancellationToken: cancellationToken);
        return End(operation.Outcome ?? new Outcome { State = operation.State, Explanation = "It has not ended." });
    }

    // The end that the stream showed; null when it ended without one.
    private static async Task<StepEnd?> ReadAsync(MadeStep step, IAsyncStreamReader<FailbackProgress> stream, Action<long> reached, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        await foreach (var progress in stream.ReadAllAsync(cancellationToken))
        {
            reached(progress.Sequence);
            show(progress);
            if (progress.Outcome is { } outcome)
            {
                return End(outcome);
            }

            // A copy takes hours, and production goes on: what comes next is decided by what the hosts show meanwhile.
            if (step.Kind is StepKind.StartReplication or StepKind.Resynchronize && progress.State == OperationState.Running)
            {
                return new StepEnd(Succeeded: true, "The host has begun the copy.");
            }
        }

        return null;
    }

    private static StepEnd End(Outcome outcome)
        => new(outcome.State is OperationState.Succeeded or OperationState.SucceededWithWarnings, outcome.Failure?.Message is { Length: > 0 } message ? message : outcome.Explanation);

    private StartOperationRequest Request(ReturnState state, MadeStep step, OperationKind kind, PairRead read)
    {
        var (own, peerSide) = (read.At(step.Side), step.Side == Side.Recovery ? Side.Home : Side.Recovery);
        var peer = read.At(peerSide);
        var request = new StartOperationRequest
        {
            OperationId = step.OperationId!.Value.ToString("D"),
            VirtualMachineId = state.Machine.ToString("D").ToUpperInvariant(),
            Kind = kind,
            Campaign = new CampaignContext
            {
                CampaignId = state.Uid.ToString("D"),
                ItemId = state.Machine.ToString("D"),
                Attempt = step.Number,
                Epoch = state.Epoch,
                CoordinatorInstance = services.Instance.ToString("D"),
            },
            Expected = own.Message is { Present: true } facts ? Expected(facts) : null,
        };
        if (step.ToStep().NeedsTicket)
        {
            // The agent counts from its own read; the other one may have been begun earlier.
            var earlier = peer.Facts.StatedOff ? TimeSpan.Zero : time.GetElapsedTime(peer.Began, own.Began);
            request.Ticket = new StartTicket
            {
                FactsId = own.Message?.FactsId ?? "",
                ValidFor = (FactsServe - (earlier > TimeSpan.Zero ? earlier : TimeSpan.Zero)).ToDuration(),
                Peer = new PeerState
                {
                    Host = state.HostOf(peerSide),
                    Present = peer.Message?.Present ?? false,
                    State = peer.Message is { Present: true } other ? Expected(other) : null,
                    StatedOff = peer.Facts.StatedOff,
                },
            };
        }

        switch (step.Kind)
        {
            case StepKind.ShutDownGuest when kind == OperationKind.ShutDownGuest:
                request.ShutdownTimeout = state.Plan.ShutdownTimeout.ToDuration();
                break;
            case StepKind.StartReplication:
                // Of the machine's former disks only what differs is sent. A machine that was gone from the other side has none.
                request.InitialCopy = state.At(peerSide).HadNone ? InitialCopy.Network : InitialCopy.Seeded;
                break;
            case StepKind.ReverseReplication when Connection(own, peer) is { } connection:
                request.Settings = connection;
                break;
        }

        return request;
    }

    // The stored port is that of the present recovery server, which is this side: the other one may listen on another.
    private static ReplicationSettings? Connection(SiteRead own, SiteRead peer)
    {
        if (own.Message?.VirtualMachine is null || peer.Message?.ReplicaServer is not { Enabled: true } server)
        {
            return null;
        }

        var port = server.AllowedAuthentication == 2 ? server.HttpsPort : server.AllowedAuthentication == 1 ? server.HttpPort : 0;
        return port is > 0 and <= ushort.MaxValue ? new ReplicationSettings { RecoveryServerPort = port } : null;
    }

    private static ExpectedState Expected(Contracts.Failback.V1.MachineFacts facts) => new()
    {
        ReplicationMode = facts.VirtualMachine.ReplicationMode,
        ReplicationState = facts.VirtualMachine.ReplicationState,
        PowerState = facts.VirtualMachine.PowerState,
    };

    /// <summary>The agents' operation for a step; null when they have none.</summary>
    public static OperationKind? KindOf(StepKind kind) => kind switch
    {
        StepKind.Fence => OperationKind.Fence,
        StepKind.Unfence => OperationKind.Unfence,
        StepKind.ShutDownGuest => OperationKind.ShutDownGuest,
        StepKind.DiscardSavedState => OperationKind.TurnOff,
        StepKind.BecomeReplica => OperationKind.BecomeReplica,
        StepKind.CommitFailover => OperationKind.CommitFailover,
        StepKind.ReverseReplication => OperationKind.ReverseReplication,
        StepKind.StartReplication => OperationKind.StartReplication,
        StepKind.ResumeReplication => OperationKind.ResumeReplication,
        StepKind.Resynchronize => OperationKind.Resynchronize,
        StepKind.PreparePlannedFailover => OperationKind.PreparePlannedFailover,
        StepKind.FailOver => OperationKind.FailOver,
        StepKind.StartMachine => OperationKind.StartMachine,
        StepKind.CancelPlannedFailover => OperationKind.CancelPlannedFailover,
        StepKind.RevertFailover => OperationKind.RevertFailover,
        _ => null,
    };
}
