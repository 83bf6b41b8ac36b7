using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.MachineReads;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations.Kinds.Steps;

/// <summary>One kind of step between two hosts as an operation.</summary>
/// <param name="definition">The kind.</param>
/// <param name="hostName">The host's name, for messages.</param>
/// <param name="host">The host.</param>
/// <param name="tickets">What facts are young enough.</param>
/// <param name="records">Which machines test failovers have made here.</param>
/// <param name="readOrder">Reads the stored form of a request.</param>
internal sealed class StepKind(
    StepDefinition definition, string hostName, HyperVHost host, FactsTickets tickets, TestMachineRecords records, Func<ReadOnlyMemory<byte>, StepOrder> readOrder) : IOperationKind
{
    /// <inheritdoc/>
    public string Name => definition.Name;

    /// <summary>Whether a request may have a ticket.</summary>
    public bool TakesTicket => definition.NeedsTicket;

    /// <summary>Whether a request must have a ticket.</summary>
    /// <param name="expected">The replication mode that the request was decided on; null when it does not say.</param>
    public bool NeedsTicket(ReplicationMode? expected) => definition.NeedsTicket && !(definition.TestMachineNeedsNoTicket && expected == ReplicationMode.TestReplica);

    /// <inheritdoc/>
    public OperationLane Lane => definition.Lane;

    /// <inheritdoc/>
    public LostCallRepeat Repeats => definition.IsRepeatable ? LostCallRepeat.Always : LostCallRepeat.Never;

    /// <inheritdoc/>
    public bool IsFencedByFacts => true;

    /// <inheritdoc/>
    public bool NeedsProof => definition.NeedsProof;

    /// <inheritdoc/>
    public bool WorksOnlyInJobs => definition.WorksOnlyInJobs;

    /// <inheritdoc/>
    public bool MakesTestMachine => definition.MakesTestMachine;

    /// <inheritdoc/>
    public async Task<PreparedCall> PrepareAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var order = readOrder(request);
        RequireTicket(order);
        try
        {
            var machine = await host.FindVirtualMachineAsync(order.VirtualMachine, cancellationToken)
                ?? throw new OperationRefusedException(Failbacks.ReadinessRefusals.NotFound(order.VirtualMachine.ToString(), hostName));
            RequireState(order, machine);
            var jobs = await host.ListJobsAsync(order.VirtualMachine, cancellationToken);
            IReadOnlyList<string>? made = definition.MakesTestMachine ? [.. (await host.ListTestMachinesAsync(order.VirtualMachine, cancellationToken)).Select(one => one.ToString())] : null;
            var target = new StepTarget(host, order, machine, records);
            return new PreparedCall(machine, order.RecoveryPointIdentifier, [.. jobs.Select(job => job.InstanceId)], async token =>
            {
                // The last moment: between here and the look at the machine the intent was written, which a slow disk can make long.
                if (WhyExpired(order) is { } expired)
                {
                    throw new TicketExpiredException(expired);
                }

                var answer = await definition.CallAsync(target, token)
                    ?? throw (await host.FindVirtualMachineAsync(order.VirtualMachine, token) is null ? new MachineGoneException() : new StepNotPossibleException($"{hostName}: {definition.Missing}."));
                return new MethodAnswer((uint)answer.Code, answer.Job) { TestMachine = definition.MakesTestMachine ? answer.ResultingSystem?.ToString() : null };
            })
            {
                TestMachines = made,
            };
        }
        catch (Exception exception) when (HostFailures.Of(exception, hostName) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            throw new OperationRefusedException(failure, exception);
        }
    }

    /// <inheritdoc/>
    public bool Starts(ConcreteJob job) => job.JobType is { } type && definition.Jobs.Contains(type);

    /// <inheritdoc/>
    public bool GoesOnWith(ConcreteJob job) => job.JobType is { } type && definition.FurtherJobs.Contains(type);

    /// <inheritdoc/>
    public StateVerdict Judge(MachineShown now, MachineShown? before) => before is not null && IsUnchanged(now, before) && !definition.NeedsProof ? StateVerdict.Undecided : definition.Judge(now);

    /// <inheritdoc/>
    public string Describe(MachineShown machine) => $"the machine is {Text(machine)}";

    /// <inheritdoc/>
    public bool IsUnchanged(MachineShown now, MachineShown before) => now == before;

    /// <inheritdoc/>
    public OperationOutcome JudgeReturnCode(uint returnCode, OperationSnapshot operation) => ReturnCodeOutcomes.Of(ReturnCodeMeaning.Of((ReturnCode)returnCode), operation);

    /// <inheritdoc/>
    public OperationOutcome? JudgeCallError(Exception error, OperationSnapshot operation) => error switch
    {
        TicketExpiredException => Refused(Expired(operation.Facts.VirtualMachineId, error.Message)),
        MachineGoneException => Refused(Failbacks.ReadinessRefusals.NotFound(operation.Facts.VirtualMachineId, hostName)),
        StepNotPossibleException => Refused(new OperationFailure(StatusCode.FailedPrecondition, "NOT_POSSIBLE", error.Message) { Retry = RetryClass.Never, Metadata = Named(operation.Facts.VirtualMachineId) }),
        NetworkTargetException => Refused(new OperationFailure(StatusCode.FailedPrecondition, "NOT_POSSIBLE", $"{hostName}: {error.Message}") { Retry = RetryClass.Never, Metadata = Named(operation.Facts.VirtualMachineId) }),
        RecoveryPointMissingException => Refused(new OperationFailure(StatusCode.FailedPrecondition, "RECOVERY_POINT_GONE", error.Message) { Retry = RetryClass.Never, Metadata = Named(operation.Facts.VirtualMachineId) }),
        _ => HostFailures.NoEffect(error, hostName),
    };

    /// <inheritdoc/>
    public OperationOutcome? JudgeJob(ConcreteJob job, OperationSnapshot operation) => JobOutcomes.Of(job, operation);

    /// <inheritdoc/>
    public async Task<OperationOutcome> ConfirmAsync(OperationOutcome outcome, OperationSnapshot operation, CancellationToken cancellationToken)
    {
        string? wrong;
        try
        {
            wrong = definition.ContradictionAsync is { } read ? await read(host, readOrder(operation.Facts.Request), cancellationToken) : null;
        }
        catch (NetworkTargetException exception)
        {
            wrong = exception.Message;
        }

        if (wrong is null)
        {
            return outcome;
        }

        var sentence = $"The host reported success for machine {operation.Facts.VirtualMachineId}, but {wrong}.";
        return new OperationOutcome(
            OperationState.Failed, OutcomeBasis.ReplicationState, sentence,
            new OperationFailure(StatusCode.Aborted, "EFFECT_NOT_SHOWN", sentence) { Retry = RetryClass.RereadState, Metadata = Named(operation.Facts.VirtualMachineId) },
            RetryClass.RereadState);
    }

    /// <inheritdoc/>
    public OperationOutcome? JudgeTime(OperationSnapshot operation, TimeSpan running)
    {
        if (definition.Name != "shut-down-guest" || running < readOrder(operation.Facts.Request).ShutdownTimeout)
        {
            return null;
        }

        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"The guest of machine {operation.Facts.VirtualMachineId} has not shut down within {running.TotalMinutes:0.#} minutes. It was asked to, and may still do so.");
        return new OperationOutcome(
            OperationState.Failed, OutcomeBasis.ReplicationState, sentence,
            new OperationFailure(StatusCode.DeadlineExceeded, "GUEST_STAYS_UP", sentence) { Retry = RetryClass.RereadState, Metadata = Named(operation.Facts.VirtualMachineId) },
            RetryClass.RereadState);
    }

    private static OperationOutcome Refused(OperationFailure failure) => new(OperationState.Failed, OutcomeBasis.Readiness, failure.Message, failure, failure.Retry);

    private void RequireTicket(StepOrder order)
    {
        if (WhyExpired(order) is { } expired)
        {
            throw new OperationRefusedException(Expired(order.VirtualMachine.ToString(), expired));
        }
    }

    // What was expected is compared with the machine before the call, so that a word that is not true starts nothing.
    private string? WhyExpired(StepOrder order) => !NeedsTicket(order.Expected?.Mode) ? null
        : order.Ticket is not { } ticket ? $"{definition.Name} needs a ticket."
        : tickets.IsValid(ticket.FactsId, ticket.ValidFor) ? null
        : string.Create(CultureInfo.InvariantCulture, $"The facts {ticket.FactsId} that {definition.Name} rests on are older than {ticket.ValidFor.TotalSeconds:0.#} s, or an earlier process of the agent on {hostName} read them: read both hosts and decide again.");

    private OperationFailure Expired(string machine, string message) => new(StatusCode.FailedPrecondition, "TICKET_EXPIRED", message) { Retry = RetryClass.RereadState, Metadata = Named(machine) };

    private void RequireState(StepOrder order, VirtualMachine machine)
    {
        var shown = MachineShown.Of(machine)!;
        if (order.Expected is { } expected && (expected.State != machine.ReplicationState || expected.Mode != machine.ReplicationMode || expected.Power != machine.EnabledState))
        {
            throw new OperationRefusedException(Wrong("STATE_CHANGED", machine, $"is {Text(shown)}, and {definition.Name} was decided on when it was {Text(expected)}: read both hosts and decide again."));
        }

        if (!definition.Allows(machine))
        {
            throw new OperationRefusedException(Wrong("WRONG_STATE", machine, $"is {Text(shown)}; {definition.Name} needs one that is {definition.Needs}."));
        }
    }

    private OperationFailure Wrong(string reason, VirtualMachine machine, string sentence)
        => new(StatusCode.FailedPrecondition, reason, $"Machine {machine.Name} ({machine.Id}) on {hostName} {sentence}")
        {
            Retry = RetryClass.RereadState,
            Metadata = new Dictionary<string, string>(Named(machine.Id.ToString())) { ["state"] = Text(MachineShown.Of(machine)!) },
        };

    private Dictionary<string, string> Named(string machine) => new() { ["virtual_machine_id"] = machine, ["host"] = hostName };

    private static string Text(MachineShown shown) => $"{shown.Power}, {shown.Mode}, {shown.State?.ToString() ?? "not replicated"}";
}

/// <summary>The kinds of step that this agent has, by their names.</summary>
/// <param name="ByName">The kinds.</param>
internal sealed record StepKinds(IReadOnlyDictionary<string, StepKind> ByName);
