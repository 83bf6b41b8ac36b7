using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations.Kinds.Failbacks;

/// <summary>The operation <c>Msvm_ReplicationService.InitiateFailback</c>.</summary>
/// <param name="hostName">The host's name, for messages.</param>
/// <param name="host">The host.</param>
/// <param name="readOrder">Reads the stored form of a request.</param>
internal sealed class FailbackKind(string hostName, HyperVHost host, Func<ReadOnlyMemory<byte>, FailbackOrder> readOrder) : IOperationKind
{
    /// <inheritdoc/>
    public string Name => "failback";

    /// <inheritdoc/>
    public OperationLane Lane => OperationLane.Data;

    /// <inheritdoc/>
    public LostCallRepeat Repeats => LostCallRepeat.WhenUnchanged;

    /// <inheritdoc/>
    public bool IsFencedByFacts => false;

    /// <inheritdoc/>
    public bool NeedsProof => false;

    /// <inheritdoc/>
    public bool WorksOnlyInJobs => false;

    /// <inheritdoc/>
    public bool MakesTestMachine => false;

    /// <inheritdoc/>
    public async Task<PreparedCall> PrepareAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var order = readOrder(request);
        try
        {
            var report = await host.CheckReadinessAsync(order.VirtualMachine, order.RecoveryPoint, cancellationToken);
            if (ReadinessRefusals.Judge(order, report, hostName) is { } failure)
            {
                throw new OperationRefusedException(failure);
            }

            var machine = report.VirtualMachine!;
            var jobs = await host.ListJobsAsync(order.VirtualMachine, cancellationToken);
            var call = new FailbackCall(order.VirtualMachine, SettingText(order, machine.ReplicationSettings), report.RecoveryPoint?.Identifier);
            return new PreparedCall(
                machine,
                call.RecoveryPointIdentifier,
                [.. jobs.Select(job => job.InstanceId)],
                async token =>
                {
                    var answer = await host.InitiateFailbackAsync(call, token);
                    return new MethodAnswer(answer.Number, answer.Job);
                });
        }
        catch (Exception exception) when (HostFailures.Of(exception, hostName) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            throw new OperationRefusedException(failure, exception);
        }
    }

    /// <inheritdoc/>
    public bool Starts(ConcreteJob job) => job.MayBeFailback;

    /// <inheritdoc/>
    public bool GoesOnWith(ConcreteJob job) => false;

    /// <inheritdoc/>
    public StateVerdict Judge(MachineShown now, MachineShown? before) => now.State is not { } state ? StateVerdict.Undecided
        : ReplicationVerdicts.Judge(state, before?.State) switch
        {
            ReplicationVerdict.Succeeded => StateVerdict.Done,
            ReplicationVerdict.InProgress => StateVerdict.InProgress,
            _ => StateVerdict.Undecided,
        };

    /// <inheritdoc/>
    public string Describe(MachineShown machine) => machine.StateText;

    /// <inheritdoc/>
    public bool IsUnchanged(MachineShown now, MachineShown before) => now.State == before.State;

    /// <inheritdoc/>
    public Task<OperationOutcome> ConfirmAsync(OperationOutcome outcome, OperationSnapshot operation, CancellationToken cancellationToken) => Task.FromResult(outcome);

    /// <inheritdoc/>
    public OperationOutcome? JudgeTime(OperationSnapshot operation, TimeSpan running) => null;

    /// <inheritdoc/>
    public OperationOutcome JudgeReturnCode(uint returnCode, OperationSnapshot operation)
        => ReturnCodeOutcomes.Of(ReturnCodeMeaning.Of((ReturnCode)returnCode), operation);

    /// <inheritdoc/>
    public OperationOutcome? JudgeCallError(Exception error, OperationSnapshot operation) => HostFailures.NoEffect(error, hostName);

    /// <inheritdoc/>
    public OperationOutcome? JudgeJob(ConcreteJob job, OperationSnapshot operation) => JobOutcomes.Of(job, operation);

    private static string SettingText(FailbackOrder order, ReplicationSettingData? own)
    {
        if (order.SettingText is { } text)
        {
            return text;
        }

        // Readiness blocks a machine without settings, so there are some.
        var settings = own ?? throw new InvalidOperationException($"Machine {order.VirtualMachine} has no replication settings.");
        return (order.Overrides is { } overrides ? settings.With(overrides) : settings).ToEmbeddedText();
    }
}
