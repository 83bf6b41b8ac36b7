using Google.Protobuf;
using Grpc.Core;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Wire;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Ownership;

/// <summary>A call to a campaign that only its owner can answer: every command, and what is asked of its machine.</summary>
/// <param name="Method">The method of the service <c>Campaigns</c>, as the audit names it.</param>
/// <param name="Request">Its request.</param>
/// <param name="Caller">Who called. The owner does not see the connection.</param>
internal sealed record CampaignCall(string Method, IMessage Request, Caller Caller)
{
    /// <summary>Whether another campaign's schedule made the call. The channels that the document requires were proven when the schedule was started; nobody is there to prove them again for each run.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>The call that a caller has made.</summary>
    public static CampaignCall Of(ServerCallContext context, IMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(CommandOrigin.MethodOf(context), request, Caller.Of(context));
    }
}

/// <summary>
/// The way to the owners of campaigns. A campaign is at work in one place; being there is never the proof that nothing happens twice, which is the expected version
/// in the store, and the epoch and the operation's id at the agents.
/// </summary>
internal interface ICampaignOwners
{
    /// <summary>Gives a call to the campaign's owner and returns its answer, made after the call has durably taken effect.</summary>
    /// <param name="campaign">The campaign's id.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops waiting; a command may still take effect.</param>
    /// <returns>The response of the method.</returns>
    /// <exception cref="RpcFailure">As in the contract of the method; NOT_FOUND when there is no such campaign.</exception>
    Task<IMessage> CallAsync(string campaign, CampaignCall call, CancellationToken cancellationToken);
}

/// <summary>The owners when one process has all campaigns: itself.</summary>
internal sealed class LocalOwners(CampaignRuns runs, CampaignCommands commands) : ICampaignOwners
{
    public async Task<IMessage> CallAsync(string campaign, CampaignCall call, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(campaign, cancellationToken) ?? throw CampaignFailures.CampaignNotFound(ResourceNames.Campaign(campaign));
        return await commands.ExecuteAsync(run, call, cancellationToken);
    }
}
