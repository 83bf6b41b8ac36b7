using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Coordinator.Runs;

internal sealed partial class CampaignRuns
{
    [LoggerMessage(EventId = 3311, Level = LogLevel.Information, Message = "{Campaign}: loaded as {State} at version {Version} with {Items} items")]
    private partial void LogResumed(string campaign, CampaignState state, long version, int items);

    [LoggerMessage(EventId = 3312, Level = LogLevel.Critical, Message = "Loading campaign {Campaign} failed; other campaigns are not affected")]
    private partial void LogNotResumed(Exception exception, string campaign);

    [LoggerMessage(EventId = 3313, Level = LogLevel.Information, Message = "{Campaign}: deleted by {By}; its audit is kept")]
    private partial void LogDeleted(string campaign, string by);
}
