using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>The service of a <see cref="FakeAgent"/>: joins by operation id, streams what is recorded, and does what the test has set.</summary>
internal sealed class FakeFailback(FakeAgent agent) : Failback.FailbackBase
{
    public override Task<Host> GetHost(GetHostRequest request, ServerCallContext context) =>
        Task.FromResult(new Host { Name = agent.Name, AgentVersion = "test", Simulated = true, SimulatedInitiations = agent.Initiations });

    public override Task<ListVirtualMachinesResponse> ListVirtualMachines(ListVirtualMachinesRequest request, ServerCallContext context)
    {
        agent.NoteList();
        return Task.FromResult(agent.Lies(request) ?? new ListVirtualMachinesResponse { VirtualMachines = { agent.Machines } });
    }

    public override Task<CheckReadinessResponse> CheckReadiness(CheckReadinessRequest request, ServerCallContext context)
    {
        var machine = agent.Machines.First(machine => machine.Id == request.VirtualMachineId);
        var response = new CheckReadinessResponse { VirtualMachine = machine, Checks = { agent.Finds(machine) } };
        response.Obstacles.Add(response.Checks
            .Where(check => !check.Passed && (check.Severity == CheckSeverity.Blocking || (check.Severity == CheckSeverity.Overridable && !request.IgnoredChecks.Contains(check.Id))))
            .Select(check => check.Id));
        response.Verdict = machine.ReplicationState switch
        {
            ReplicationState.FailbackComplete => ReplicationVerdict.FailedBack,
            ReplicationState.FailbackInProgress => ReplicationVerdict.InProgress,
            _ when machine.Eligible => ReplicationVerdict.NotStarted,
            _ => ReplicationVerdict.Undecided,
        };
        response.VerdictExplanation = $"the machine's replication state is {machine.ReplicationState}: {machine.IneligibleReason}";
        response.Ready = response.Checks.All(check => check.Passed || check.Severity != CheckSeverity.Blocking);
        agent.Checks.Enqueue(machine.Name);
        return Task.FromResult(response);
    }

    public override Task<CancelFailbackResponse> CancelFailback(CancelFailbackRequest request, ServerCallContext context)
    {
        if (request.Reason.Length > 1024)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"reason has {request.Reason.Length} characters; it must have at most 1024"));
        }

        var operation = agent.Operations[request.OperationId];
        operation.Record(ProgressKind.Concluded, OperationState.Cancelled, new Outcome
        {
            State = OperationState.Cancelled,
            Basis = OutcomeBasis.Job,
            Explanation = request.ConfirmPossibleDataLoss ? "terminated" : "not confirmed",
        });
        return Task.FromResult(new CancelFailbackResponse { Explanation = "terminated" });
    }

    public override Task<ClaimCampaignResponse> ClaimCampaign(ClaimCampaignRequest request, ServerCallContext context)
    {
        agent.Claims.Enqueue(request);
        agent.Activity.Pulse();
        return agent.RefusesClaim(request) is { } refusal ? throw refusal : Task.FromResult(new ClaimCampaignResponse { Journal = agent.NextPosition() });
    }

    public override async Task InitiateFailback(InitiateFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
    {
        agent.Calls.Enqueue(request);
        agent.Activity.Pulse();
        if (!agent.Operations.TryGetValue(request.OperationId, out var operation))
        {
            if (agent.Refuses(request) is { } refusal)
            {
                throw refusal;
            }

            var machine = agent.Machines.First(known => known.Id == request.VirtualMachineId);
            operation = new FakeOperation(request, machine.Name);
            operation.Record(ProgressKind.Accepted, OperationState.Queued);
            agent.Operations[request.OperationId] = operation;
            agent.Accepted(operation);
            operation.Record(ProgressKind.Starting, OperationState.Starting);
            operation.Record(ProgressKind.Started, OperationState.Running);
            if (!agent.Holds(operation))
            {
                operation.Advance(50);
                operation.Succeed();
            }

            agent.Activity.Pulse();
        }

        await StreamAsync(operation, 0, responseStream, context);
    }

    public override async Task WatchFailback(WatchFailbackRequest request, IServerStreamWriter<FailbackProgress> responseStream, ServerCallContext context)
    {
        agent.Watches.Enqueue(request);
        agent.Activity.Pulse();
        if (!agent.Operations.TryGetValue(request.OperationId, out var operation))
        {
            throw request.SentBefore is { } then && then.JournalId != agent.JournalId.ToString("D")
                ? new RpcFailure(StatusCode.FailedPrecondition, "JOURNAL_LOST", "the journal was replaced")
                : new RpcFailure(StatusCode.NotFound, "OPERATION_NOT_FOUND", $"there is no operation {request.OperationId}");
        }

        await StreamAsync(operation, request.AfterSequence, responseStream, context);
    }

    private async Task StreamAsync(FakeOperation operation, long after, IServerStreamWriter<FailbackProgress> stream, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, agent.StreamBreaker.Token);
        agent.Streams.Open();
        try
        {
            FailbackProgress? percent = null;
            while (true)
            {
                var next = operation.Changed.Next();
                foreach (var message in operation.After(after))
                {
                    after = message.Sequence;
                    await stream.WriteAsync(message, ending.Token);
                    if (message.Kind == ProgressKind.Concluded)
                    {
                        return;
                    }
                }

                if (operation.Percent is { } newest && !ReferenceEquals(newest, percent))
                {
                    percent = newest;
                    await stream.WriteAsync(newest, ending.Token);
                }

                await next.WaitAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // The connection breaks without a word, as when a process is killed.
            context.GetHttpContext().Abort();
        }
        finally
        {
            agent.Streams.Close();
        }
    }
}
