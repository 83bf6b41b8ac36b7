using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Kinds.Failbacks;

/// <summary>The endings of a job that are not successes.</summary>
internal static class JobOutcomes
{
    /// <summary>The job failed.</summary>
    public static OperationOutcome Failed(ConcreteJob job, OperationSnapshot operation, string sentence)
        => Failure(job, operation, new OperationFailure(StatusCode.Internal, "JOB_FAILED", sentence));

    /// <summary>The job was terminated, but not by this agent.</summary>
    public static OperationOutcome TerminatedByOthers(ConcreteJob job, OperationSnapshot operation)
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
}
