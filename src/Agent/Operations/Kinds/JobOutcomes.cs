using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>What the end of a job means for its operation.</summary>
internal static class JobOutcomes
{
    /// <summary>How a job that has ended ended; null while it has not.</summary>
    public static OperationOutcome? Of(ConcreteJob job, OperationSnapshot operation) => job.Verdict switch
    {
        JobVerdict.Succeeded => new OperationOutcome(
            OperationState.Succeeded, OutcomeBasis.Job, "The host's job completed.", Failure: null, Retry: null),
        JobVerdict.SucceededWithWarnings => new OperationOutcome(
            OperationState.SucceededWithWarnings, OutcomeBasis.Job, Sentence("The host's job completed with warnings", job), Failure: null, Retry: null),
        JobVerdict.Failed => Failed(job, operation, Sentence("The host's job failed", job)),
        JobVerdict.Terminated => operation.CancelReason is null
            ? TerminatedByOthers(job, operation)
            : CancelRule.Terminated(operation),
        _ => null,
    };

    private static OperationOutcome Failed(ConcreteJob job, OperationSnapshot operation, string sentence)
        => Failure(job, operation, new OperationFailure(StatusCode.Internal, "JOB_FAILED", sentence));

    private static OperationOutcome TerminatedByOthers(ConcreteJob job, OperationSnapshot operation)
        => Failure(job, operation, new OperationFailure(
            StatusCode.Aborted,
            "JOB_TERMINATED",
            $"The host's job was terminated, and not by this agent. The disks of machine {operation.Facts.VirtualMachineId} may be incomplete and must not be booted; run the failback again."));

    private static OperationOutcome Failure(ConcreteJob job, OperationSnapshot operation, OperationFailure failure) => new(
        OperationState.Failed,
        OutcomeBasis.Job,
        failure.Message,
        failure with
        {
            Metadata = new Dictionary<string, string>
            {
                ["operation_id"] = operation.Facts.OperationId.ToString(),
                ["virtual_machine_id"] = operation.Facts.VirtualMachineId,
                ["job_id"] = job.InstanceId,
                ["job_state"] = ((int)job.State).ToString(CultureInfo.InvariantCulture),
                ["error_code"] = job.ErrorCode.ToString(CultureInfo.InvariantCulture),
            },
        },
        RetryClass.FailedJob);

    private static string Sentence(string what, ConcreteJob job)
    {
        var said = job.ErrorDescription ?? job.ErrorSummary ?? job.Status;
        var code = job.ErrorCode == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" with error code {job.ErrorCode}");
        return string.IsNullOrWhiteSpace(said) ? $"{what}{code}." : $"{what}{code}: {said}";
    }
}
