using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting;
using HostAgent.Transport;
using CampaignRetryClass = HostAgent.Campaigns.Messages.RetryClass;

namespace HostAgent.Coordinator.Dispatch;

/// <summary>How the campaign may retry, as decided by the agent. A failure without a class is not retried automatically.</summary>
internal static class RetryClasses
{
    /// <summary>The class of an operation that has failed.</summary>
    public static CampaignRetryClass Of(Outcome outcome)
        => EnumNames.Back<CampaignRetryClass, RetryClass>(outcome.RetryClass) ?? CampaignRetryClass.Never;

    /// <summary>The class of an operation that the agent refused before it recorded anything.</summary>
    public static CampaignRetryClass Of(RpcFailure refusal) => refusal switch
    {
        // Takes precedence: an agent that has lost its journal has not said that nothing was started.
        { Reason: "JOURNAL_LOST" } => CampaignRetryClass.JournalLost,
        _ when refusal.Metadata.TryGetValue("retry_class", out var name) => EnumNames.Named<CampaignRetryClass>(name) ?? CampaignRetryClass.Never,
        { RetryDelay: null } => CampaignRetryClass.Never,
        _ => CampaignRetryClass.BackOff,
    };
}
