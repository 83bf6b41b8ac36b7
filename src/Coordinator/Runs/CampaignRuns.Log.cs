using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Runs;

internal sealed partial class CampaignRuns
{
    [LoggerMessage(EventId = 3311, Level = LogLevel.Information, Message = "Campaign {Campaign}: taken up as {State} at version {Version} with {Items} items")]
    private partial void LogResumed(string campaign, CampaignState state, long version, int items);

    [LoggerMessage(EventId = 3312, Level = LogLevel.Critical, Message = "Campaign {Campaign} cannot be taken up; the others go on")]
    private partial void LogNotResumed(Exception exception, string campaign);

    [LoggerMessage(EventId = 3313, Level = LogLevel.Information, Message = "Campaign {Campaign}: deleted by {By}; its audit stays")]
    private partial void LogDeleted(string campaign, string by);
}
