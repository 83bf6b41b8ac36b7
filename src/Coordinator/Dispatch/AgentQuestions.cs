using HostAgent.Campaigns.Messages;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Transport;
using StateVerdict = HostAgent.Campaigns.Messages.StateVerdict;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>Unary calls about an item or a campaign: cancel a job, read a machine's state, claim a campaign. They are retried until an agent answers.</summary>
internal sealed partial class AgentQuestions(AgentClient calls, PrimarySiteCheck primarySite, AgentRetries retries, ILogger<AgentQuestions> logger)
{
    /// <summary>Asks the agent to terminate an operation's job. The operation's stream reports the result.</summary>
    public async Task CancelAsync(AgentConnection connection, CancelOperation cancel, string campaign, CancellationToken cancellationToken)
    {
        var request = new CancelFailbackRequest
        {
            OperationId = cancel.OperationId.ToString("D"),
            ConfirmPossibleDataLoss = true,
            Reason = AgentClient.Reason(cancel.Reason),
        };
        try
        {
            var answer = await AskAsync(
                token => calls.CallAsync(connection, callOptions => connection.Agent.CancelFailbackAsync(request, callOptions).ResponseAsync, token),
                cancel.Item,
                cancel.Host,
                cancellationToken);
            LogCancelled(request.OperationId, cancel.Item, cancel.Host, campaign, answer.Explanation);
        }
        catch (RpcFailure failure)
        {
            LogNotCancelled(request.OperationId, cancel.Item, cancel.Host, campaign, failure.Reason, failure.Message);
        }
    }

    /// <summary>Reads the state of an item's machine.</summary>
    public async Task<StateRechecked> RecheckStateAsync(AgentConnection connection, RecheckState recheck, CancellationToken cancellationToken)
    {
        var request = new CheckReadinessRequest { VirtualMachineId = recheck.VirtualMachineId.ToString("D").ToUpperInvariant() };
        try
        {
            var answer = await AskAsync(
                token => calls.CallAsync(connection, callOptions => connection.Agent.CheckReadinessAsync(request, callOptions).ResponseAsync, token),
                recheck.Item,
                recheck.Host,
                cancellationToken);
            var verdict = Enum.TryParse<StateVerdict>(answer.Verdict.ToString(), out var known) ? known : StateVerdict.Undecided;
            return new StateRechecked(recheck.Item, recheck.Attempt, verdict, answer.VerdictExplanation);
        }
        catch (RpcFailure failure)
        {
            return new StateRechecked(recheck.Item, recheck.Attempt, StateVerdict.Undecided, $"the machine's state could not be read: {failure.Message}");
        }
    }

    /// <summary>Asks the agent whether an item's machine is ready, and checks whether it runs at its primary site.</summary>
    public async Task<ReadinessChecked> CheckAsync(AgentConnection connection, CheckReadiness check, CancellationToken cancellationToken)
    {
        var request = new CheckReadinessRequest
        {
            VirtualMachineId = check.VirtualMachineId.ToString("D").ToUpperInvariant(),
            RecoveryPoint = InitiationRequests.RecoveryPoint(check.RecoveryPoint),
            IgnoredChecks = { check.IgnoredChecks },
        };
        try
        {
            var answer = await AskAsync(
                token => calls.CallAsync(connection, callOptions => connection.Agent.CheckReadinessAsync(request, callOptions).ResponseAsync, token),
                check.Item,
                check.Host,
                cancellationToken);
            var other = await primarySite.CheckAsync(connection.Host, check.VirtualMachineId, cancellationToken);
            var obstacles = answer.Checks.Where(found => answer.Obstacles.Contains(found.Id));
            if (!other.Passed && !check.IgnoredChecks.Contains(other.Id, StringComparer.Ordinal))
            {
                obstacles = obstacles.Append(other);
            }

            var against = obstacles.Select(found => $"{found.Id}: {found.Observed} {found.Remedy}".TrimEnd()).ToList();
            return new ReadinessChecked(check.Item, check.Revision, against.Count == 0, against, (answer.VirtualMachine?.ReplicationState ?? default).ToString());
        }
        catch (RpcFailure failure)
        {
            return new ReadinessChecked(check.Item, check.Revision, Ready: false, [$"{failure.Reason}: {failure.Message}"], string.Empty);
        }
    }

    /// <summary>
    /// Tells an agent that this coordinator has taken a campaign over, so that from now on it obeys nobody else. A refusal is left to the first call that starts something: the
    /// campaign is blocked then.
    /// </summary>
    /// <param name="connection">The agent.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="campaign">The campaign's resource name, for the log.</param>
    /// <param name="matters">Whether the campaign can still start anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ClaimAsync(AgentConnection connection, ClaimCampaignRequest claim, string campaign, Func<bool> matters, CancellationToken cancellationToken)
    {
        try
        {
            await retries.CallAsync(
                token => calls.CallAsync(connection, callOptions => connection.Agent.ClaimCampaignAsync(claim, callOptions).ResponseAsync, token),
                failure => matters() && (failure.Domain != RpcFailure.ProductDomain || failure.RetryDelay is not null),
                (failure, delay) => LogNotTold(connection.Host.Name, campaign, delay, failure.Message),
                cancellationToken);
        }
        catch (RpcFailure failure)
        {
            LogNotOwner(connection.Host.Name, campaign, failure.Reason, failure.Message);
        }
    }

    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> question, string item, string host, CancellationToken cancellationToken)
        => retries.CallAsync(
            question,
            failure => failure.Domain != RpcFailure.ProductDomain || failure.RetryDelay is not null,
            (failure, delay) => LogWaiting(item, host, delay, failure.Message),
            cancellationToken);
}
