using System.Globalization;
using HostAgent.Agent.Operations.Cancellation;
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
    public StateVerdict JudgeState(ReplicationState now, ReplicationState? before) => ReplicationVerdicts.Judge(now, before) switch
    {
        ReplicationVerdict.Succeeded => StateVerdict.Done,
        ReplicationVerdict.InProgress => StateVerdict.InProgress,
        _ => StateVerdict.Undecided,
    };

    /// <inheritdoc/>
    public OperationOutcome JudgeReturnCode(uint returnCode, OperationSnapshot operation)
        => ReturnCodeOutcomes.Of(ReturnCodeMeaning.Of((ReturnCode)returnCode), operation);

    /// <inheritdoc/>
    public OperationOutcome? JudgeCallError(Exception error, OperationSnapshot operation)
        => HostFailures.ProvesNoEffect(error) && HostFailures.Of(error, hostName) is { } failure
            ? new OperationOutcome(
                OperationState.Failed, OutcomeBasis.ReturnCode, failure.Message, failure, failure.Retry)
            : null;

    /// <inheritdoc/>
    public OperationOutcome? JudgeJob(ConcreteJob job, OperationSnapshot operation) => job.Verdict switch
    {
        JobVerdict.Succeeded => new OperationOutcome(
            OperationState.Succeeded, OutcomeBasis.Job, "The host's job completed.", Failure: null, Retry: null),
        JobVerdict.SucceededWithWarnings => new OperationOutcome(
            OperationState.SucceededWithWarnings, OutcomeBasis.Job, Sentence("The host's job completed with warnings", job), Failure: null, Retry: null),
        JobVerdict.Failed => JobOutcomes.Failed(job, operation, Sentence("The host's job failed", job)),
        JobVerdict.Terminated => operation.CancelReason is null
            ? JobOutcomes.TerminatedByOthers(job, operation)
            : CancelRule.Terminated(operation),
        _ => null,
    };

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

    private static string Sentence(string what, ConcreteJob job)
    {
        var said = job.ErrorDescription ?? job.ErrorSummary ?? job.Status;
        var code = job.ErrorCode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" with error code {job.ErrorCode}");
        return string.IsNullOrWhiteSpace(said) ? $"{what}{code}." : $"{what}{code}: {said}";
    }
}
