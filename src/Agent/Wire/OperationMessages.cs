using Google.Protobuf.WellKnownTypes;
using HostAgent.Agent.Operations.Model;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting;
using Contract = HostAgent.Contracts.Failback.V1;
using DomainJobState = HostAgent.HyperV.Jobs.JobState;
using DomainReturnCode = HostAgent.HyperV.Failback.ReturnCode;

namespace HostAgent.Agent.Wire;

/// <summary>Writes operations and their events as messages.</summary>
internal static class OperationMessages
{
    /// <summary>An operation.</summary>
    public static FailbackOperation Of(OperationSnapshot operation, int queuePosition)
    {
        var message = new FailbackOperation
        {
            OperationId = operation.Facts.OperationId.ToString(),
            VirtualMachineId = operation.Facts.VirtualMachineId,
            VirtualMachineName = operation.Facts.VirtualMachineName,
            State = StateOf(operation.State),
            Sequence = operation.Sequence,
            QueuePosition = operation.State == Operations.Model.OperationState.Queued ? queuePosition : 0,
            RecoveryPointIdentifier = operation.RecoveryPointIdentifier ?? "",
            ReturnCode = ReturnCodeOf(operation.ReturnCode),
            Job = JobOf(operation.Last.Job),
            ReplicationState = MachineMessages.StateOf(operation.Last.ReplicationState),
            Outcome = OutcomeOf(operation.Last.Outcome),
            RequestedBy = operation.Facts.RequestedBy,
            CreateTime = operation.Facts.CreateTime.ToTimestamp(),
            StartTime = operation.StartTime?.ToTimestamp(),
            EndTime = operation.EndTime?.ToTimestamp(),
            Kind = operation.Facts.Kind,
            TestMachineId = operation.Last.TestMachine ?? "",
        };
        if (operation.ReturnCode is { } code)
        {
            message.ReturnCodeNumber = code;
        }

        if (operation.Facts.Campaign is { } campaign)
        {
            message.CampaignId = campaign.CampaignId.ToString();
            message.ItemId = campaign.ItemId;
            message.Attempt = campaign.Attempt;
            message.Epoch = campaign.Epoch;
        }

        return message;
    }

    /// <summary>The journal's position.</summary>
    public static Contract.JournalPosition Of(Operations.Model.JournalPosition position)
        => new() { JournalId = position.JournalId.ToString(), Commits = position.Commits, ClaimToken = position.ClaimToken?.ToString() ?? string.Empty };

    /// <summary>One event of an operation as a message of its stream.</summary>
    public static FailbackProgress Of(Guid operationId, OperationEvent happened)
    {
        var message = new FailbackProgress
        {
            OperationId = operationId.ToString(),
            Sequence = happened.Sequence,
            EventTime = happened.Time.ToTimestamp(),
            Kind = EnumNames.Of<OperationEventKind, ProgressKind>(happened.Kind),
            State = StateOf(happened.State),
            QueuePosition = happened.QueuePosition,
            Job = JobOf(happened.Job),
            ReplicationState = MachineMessages.StateOf(happened.ReplicationState),
            Explanation = happened.Explanation,
            Outcome = OutcomeOf(happened.Outcome),
            TestMachineId = happened.TestMachine ?? "",
        };
        if (happened.PercentComplete is { } percent)
        {
            message.PercentComplete = percent;
        }

        return message;
    }

    public static Contract.ReturnCode ReturnCodeOf(uint? number) => (DomainReturnCode?)number switch
    {
        null => Contract.ReturnCode.Unspecified,
        { } code when System.Enum.IsDefined(code) => EnumNames.Of<DomainReturnCode, Contract.ReturnCode>(code),
        _ => Contract.ReturnCode.Unknown,
    };

    /// <summary>A state of a job; null before the job was read.</summary>
    public static Contract.JobState JobStateOf(uint? number, bool gone) => gone ? Contract.JobState.Gone : (DomainJobState?)number switch
    {
        null => Contract.JobState.Unspecified,
        { } state when System.Enum.IsDefined(state) => EnumNames.Of<DomainJobState, Contract.JobState>(state),
        _ => Contract.JobState.Unknown,
    };

    private static Contract.OperationState StateOf(Operations.Model.OperationState state) => EnumNames.Of<Operations.Model.OperationState, Contract.OperationState>(state);

    private static Job? JobOf(JobSnapshot? job)
    {
        if (job is null)
        {
            return null;
        }

        var message = new Job
        {
            Path = job.Path,
            ClassName = job.ClassName,
            State = JobStateOf(job.State, job.Gone),
            StateNumber = job.State ?? 0,
            Status = job.Status,
            ErrorCode = job.ErrorCode,
            ErrorDescription = job.ErrorDescription,
            ErrorSummary = job.ErrorSummary,
            Cancellable = job.Cancellable,
            JobType = job.JobType,
            StartTime = job.StartTime?.ToTimestamp(),
        };
        message.Errors.Add(job.Errors);
        if (job.PercentComplete is { } percent)
        {
            message.PercentComplete = percent;
        }

        return message;
    }

    private static Outcome? OutcomeOf(OperationOutcome? outcome) => outcome is null ? null : new Outcome
    {
        State = StateOf(outcome.State),
        Failure = FailureOf(outcome.Failure),
        Basis = EnumNames.Of<Operations.Model.OutcomeBasis, Contract.OutcomeBasis>(outcome.Basis),
        Explanation = outcome.Explanation,
        RetryClass = outcome.Retry is { } retry ? EnumNames.Of<HyperV.Failback.RetryClass, Contract.RetryClass>(retry) : Contract.RetryClass.Unspecified,
    };

    private static Failure? FailureOf(OperationFailure? failure)
    {
        if (failure is null)
        {
            return null;
        }

        var message = new Failure
        {
            Code = (int)failure.Code,
            Reason = failure.Reason,
            Message = failure.Message,
            RetryDelay = failure.RetryDelay?.ToDuration(),
        };
        message.Metadata.Add(failure.Metadata.ToDictionary());
        return message;
    }
}
