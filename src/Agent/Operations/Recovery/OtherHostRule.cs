using Grpc.Core;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>
/// Settles an operation that the agent of another host has accepted: the journal came here with a cluster's disk, a restored backup or a renamed host. A host that
/// does not show a job proves nothing about a call that was made on another one, and the machine that is seen here may be another copy.
/// </summary>
internal static class OtherHostRule
{
    /// <summary>How the operation ends; null when it belongs to this host.</summary>
    /// <param name="operation">The operation, not terminal.</param>
    /// <param name="hostName">This host.</param>
    public static OperationOutcome? Judge(OperationSnapshot operation, string hostName)
    {
        if (operation.Last.Host is not { } accepted || ComputerName.IsOf(accepted, hostName))
        {
            return null;
        }

        var metadata = new Dictionary<string, string> { ["host"] = hostName, ["accepted_on"] = accepted, ["virtual_machine_id"] = operation.Facts.VirtualMachineId };
        if (operation.State == OperationState.Queued && !operation.Last.MayHaveBeenCalled)
        {
            var never = $"The agent on {accepted} has accepted this operation, and its journal is now used on {hostName}. Host {accepted} was not called and will not be: read both hosts and decide again.";
            return new OperationOutcome(
                OperationState.Failed, OutcomeBasis.None, never,
                new OperationFailure(StatusCode.FailedPrecondition, "ACCEPTED_ON_OTHER_HOST", never) { Retry = RetryClass.RereadState, Metadata = metadata }, RetryClass.RereadState);
        }

        var unknown = $"The outcome could not be determined: the agent on {accepted} was about to call its host or had called it, and its journal is now used on {hostName}, which shows nothing of that. Check the virtual machine on {accepted}; the agent will not retry.";
        return new OperationOutcome(
            OperationState.UnknownOutcome, OutcomeBasis.None, unknown, new OperationFailure(StatusCode.Unknown, "UNKNOWN_OUTCOME", unknown) { Metadata = metadata }, RetryClass.RereadState);
    }
}
