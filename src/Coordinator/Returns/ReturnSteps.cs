using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Documents;
using HostAgent.Failover;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Returns;

/// <summary>Makes the steps of returns: each as the operation that the agents have for it, with what the decision saw.</summary>
internal sealed class ReturnSteps(AgentSteps steps, TimeProvider time)
{
    // Gives the agent time to report a step that ended while nobody was following it.
    private static readonly TimeSpan FollowedAtLeast = TimeSpan.FromSeconds(15);

    // A timer takes no more than seven weeks, and a document gives a copy up to ninety days: from here on the host's own word is enough.
    private static readonly TimeSpan FollowedAtMost = TimeSpan.FromDays(30);

    // How long the agent may take beyond the time that it gives a guest.
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromMinutes(5);

    // What both reads of a decision may be old when its step begins; the agent's own limit.
    private static readonly TimeSpan FactsServe = TimeSpan.FromSeconds(15);

    /// <summary>Fences every earlier owner of a return out at both agents, as far as they answer.</summary>
    /// <returns>The hosts that have not answered.</returns>
    /// <exception cref="RpcFailure">One of them refuses this coordinator.</exception>
    public async Task<IReadOnlyList<Side>> ClaimAsync(ReturnState state, IEnumerable<Side> sides, CancellationToken cancellationToken)
    {
        var claims = await Task.WhenAll(sides.Select(async side => (Side: side, IsHeld: await steps.TryClaimAsync(state.Uid, state.Epoch, state.HostOf(side), cancellationToken))));
        return [.. claims.Where(claim => !claim.IsHeld).Select(claim => claim.Side)];
    }

    /// <summary>Sends a step that was never sent before, and follows it to its end. A copy is followed until it runs.</summary>
    /// <param name="state">The return, with the step in hand.</param>
    /// <param name="step">The step in hand.</param>
    /// <param name="read">What it was decided on.</param>
    /// <param name="show">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops following; the operation goes on.</param>
    public Task<StepEnd> MakeAsync(ReturnState state, MadeStep step, PairRead read, Action<FailbackProgress> show, CancellationToken cancellationToken) => WithinAsync(
        state, step, async token => step.Kind == StepKind.ConnectNetwork ? await ConnectAsync(state, step, read, show, token)
            : KindOf(state, step) is { } kind
            ? await steps.MakeAsync(state.HostOf(step.Side), Request(state, step, kind, read), show, token)
            : new StepEnd(Succeeded: false, $"The agents have no operation for it: make it by hand on {state.HostOf(step.Side)}; the return then goes on from what the hosts show."),
        cancellationToken);

    // Past its deadline it is left to its host: a person is asked when the host still shows it at work.
    private async Task<StepEnd> WithinAsync(ReturnState state, MadeStep step, Func<CancellationToken, Task<StepEnd>> follow, CancellationToken cancellationToken)
    {
        var within = Within(state, step);
        // A clock that was set back gives it no more time than it has from its beginning.
        var left = Math.Clamp((step.StartTime + within - time.GetUtcNow()).Ticks, FollowedAtLeast.Ticks, within.Ticks);
        using var late = new CancellationTokenSource(TimeSpan.FromTicks(left), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await follow(either.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException && late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StepEnd(Succeeded: false, $"It has not ended within {DurationText.Write(within)}; what becomes of it shows on {state.HostOf(step.Side)}.") { IsOpen = true, IsOverdue = true };
        }
    }

    // A copy waits in its host's queue for those before it; its own deadline begins when the host has begun it.
    private static TimeSpan Within(ReturnState state, MadeStep step)
    {
        var spec = state.Plan.ToSpec();
        var guest = state.Plan.ShutdownTimeout + ShutdownMargin;
        return step.Kind switch
        {
            StepKind.StartReplication or StepKind.Resynchronize => spec.FitWithin < FollowedAtMost ? spec.FitWithin : FollowedAtMost,
            StepKind.ShutDownGuest when guest > spec.StepWithin => guest,
            _ => spec.StepWithin,
        };
    }

    /// <summary>Has a step terminated by its host, or given up by its agent.</summary>
    /// <exception cref="RpcFailure">FAILED_PRECONDITION (STEP_NOT_CANCELLED), UNAVAILABLE (HOST_UNREACHABLE).</exception>
    public Task CancelAsync(ReturnState state, Side side, Guid operationId, string why, CancellationToken cancellationToken)
        => steps.CancelAsync(state.HostOf(side), operationId, why, cancellationToken);

    // One difference at a time: what is left shows in the next read.
    private async Task<StepEnd> ConnectAsync(ReturnState state, MadeStep step, PairRead read, Action<FailbackProgress> show, CancellationToken cancellationToken)
    {
        var home = HomeNetwork.Of(state);
        if (home.Next(read.Home.Message?.NetworkAdapters ?? []) is not { } next)
        {
            return new StepEnd(Succeeded: true, "The machine's adapters at home are as they should be.");
        }

        if (next.Operation is not { } operation)
        {
            return new StepEnd(Succeeded: false, $"{next.Obstacle}.") { IsLasting = true };
        }

        var request = Request(state, step, operation.Kind, read);
        request.MergeFrom(operation);
        var end = await steps.MakeAsync(state.HostOf(step.Side), request, show, cancellationToken);
        return end.Succeeded ? end with { Explanation = $"{home.InWords(operation)} {end.Explanation}" } : end;
    }

    /// <summary>Follows a step that may have been sent. It is never sent again.</summary>
    public Task<StepEnd> FollowAsync(ReturnState state, MadeStep step, Action<FailbackProgress> show, CancellationToken cancellationToken) => WithinAsync(
        state, step, token => steps.FollowAsync(state.HostOf(step.Side), step.OperationId!.Value.ToString("D"), KindOf(state, step) ?? OperationKind.Unspecified, afterSequence: 0, show, token),
        cancellationToken);

    // What was written at home is given up on the way back: a guest that has not come up is not asked, and would not answer.
    private static OperationKind? KindOf(ReturnState state, MadeStep step)
        => step is { Kind: StepKind.ShutDownGuest, Side: Side.Home } && state is { Goal: Goal.Back, Records.Verification: not { Healthy: true, Waived: false } } ? OperationKind.TurnOff : KindOf(step.Kind);

    private StartOperationRequest Request(ReturnState state, MadeStep step, OperationKind kind, PairRead read)
    {
        var (own, peerSide) = (read.At(step.Side), step.Side == Side.Recovery ? Side.Home : Side.Recovery);
        var peer = read.At(peerSide);
        var request = new StartOperationRequest
        {
            OperationId = step.OperationId!.Value.ToString("D"),
            VirtualMachineId = state.Machine.ToString("D").ToUpperInvariant(),
            Kind = kind,
            Campaign = steps.Context(state.Uid, state.Machine, step.Number, state.Epoch),
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

    /// <summary>What an agent compares the machine with before it calls the host.</summary>
    public static ExpectedState Expected(Contracts.Failback.V1.MachineFacts facts) => new()
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
        StepKind.ConnectNetwork => OperationKind.ConnectNetwork,
        StepKind.RevertFailover => OperationKind.RevertFailover,
        _ => null,
    };
}
