using System.Globalization;
using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>The contract's table from the method's return codes to statuses.</summary>
internal static class ReturnCodeOutcomes
{
    /// <summary>How long to wait before the obstacle may be gone.</summary>
    public static readonly TimeSpan BackOff = TimeSpan.FromSeconds(30);

    /// <summary>The outcome of a return code that started no job.</summary>
    public static OperationOutcome Of(ReturnCodeMeaning meaning, OperationSnapshot operation)
    {
        if (meaning.IsSuccess)
        {
            return new OperationOutcome(OperationState.Succeeded, OutcomeBasis.ReturnCode, meaning.Cause, Failure: null, Retry: null);
        }

        var number = ((uint)meaning.Code).ToString(CultureInfo.InvariantCulture);
        var message = $"The host answered {number} ({meaning.Text}) for machine {operation.Facts.VirtualMachineId}. {meaning.Cause} {meaning.Remedy}";
        var failure = new OperationFailure(Status(meaning.Code), meaning.Name, message)
        {
            Metadata = new Dictionary<string, string>
            {
                ["return_code"] = number,
                ["operation_id"] = operation.Facts.OperationId.ToString(),
                ["virtual_machine_id"] = operation.Facts.VirtualMachineId,
            },
            RetryDelay = meaning.Retry is RetryClass.BackOff ? BackOff : null,
            Retry = meaning.Retry ?? RetryClass.Never,
        };
        return new OperationOutcome(OperationState.Failed, OutcomeBasis.ReturnCode, message, failure, meaning.Retry);
    }

    private static StatusCode Status(ReturnCode code) => code switch
    {
        ReturnCode.Failed => StatusCode.Internal,
        ReturnCode.AccessDenied => StatusCode.PermissionDenied,
        ReturnCode.NotSupported => StatusCode.Unimplemented,
        ReturnCode.StatusUnknown => StatusCode.Unknown,
        ReturnCode.Timeout => StatusCode.DeadlineExceeded,
        ReturnCode.InvalidParameter => StatusCode.InvalidArgument,
        ReturnCode.SystemInUse => StatusCode.Aborted,
        ReturnCode.InvalidState => StatusCode.FailedPrecondition,
        ReturnCode.IncorrectDataType => StatusCode.InvalidArgument,
        ReturnCode.SystemNotAvailable => StatusCode.Unavailable,
        ReturnCode.OutOfMemory => StatusCode.ResourceExhausted,
        ReturnCode.FileNotFound => StatusCode.FailedPrecondition,
        _ => StatusCode.Internal,
    };
}
