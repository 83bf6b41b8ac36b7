using HostAgent.Agent.Journal;
using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.Hosting;
using HostAgent.HyperV.Failback;
using HostAgent.Transport;
using ContractRetryClass = HostAgent.Contracts.Failback.V1.RetryClass;

namespace HostAgent.Agent.Wire;

/// <summary>The one table from what goes wrong here to what a caller gets.</summary>
internal static class Failures
{
    private const string RetryClassKey = "retry_class";

    /// <summary>A failure as it goes over the wire.</summary>
    public static RpcFailure Of(OperationFailure failure, Exception? cause = null) => new(failure.Code, failure.Reason, failure.Message, cause)
    {
        Metadata = new Dictionary<string, string>(failure.Metadata, StringComparer.Ordinal) { [RetryClassKey] = EnumNames.Of<RetryClass, ContractRetryClass>(failure.Retry).ToString() },
        RetryDelay = failure.RetryDelay,
        PreconditionViolations = [.. failure.Preconditions.Select(unmet => new PreconditionViolation(unmet.Type, unmet.Subject, unmet.Description))],
    };

    /// <summary>What an exception means to a caller; null when it is a fault of the agent itself.</summary>
    public static RpcFailure? Of(Exception error, string hostName) => error switch
    {
        OperationRefusedException refused => Of(refused.Failure, refused),
        JournalException journal => Of(Refusals.JournalUnreadable(hostName, journal).Failure, journal),
        // A caller that has gone needs no answer.
        OperationCanceledException => null,
        _ when HostFailures.Of(error, hostName) is { } failure => Of(failure, error),
        _ => null,
    };
}
