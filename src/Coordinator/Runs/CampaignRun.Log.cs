using HostAgent.Campaigns.States;

namespace HostAgent.Coordinator.Runs;

internal sealed partial class CampaignRun
{
    [LoggerMessage(EventId = 3301, Level = LogLevel.Error, Message = "{Campaign}: thrown away at version {Version}, to be read again from the store")]
    private partial void LogThrownAway(Exception exception, string campaign, long version);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "{Campaign}: read again from the store, now at version {Version}")]
    private partial void LogReadAgain(string campaign, long version);

    [LoggerMessage(EventId = 3305, Level = LogLevel.Critical, Message = "{Campaign}: what is stored of it cannot be believed; nothing more is done for it, the other campaigns go on")]
    private partial void LogDamaged(Exception exception, string campaign);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Information, Message = "{Campaign}: ended as {Status}")]
    private partial void LogEnded(string campaign, CampaignStatus status);

    [LoggerMessage(EventId = 3306, Level = LogLevel.Warning, Message = "{Campaign}: the clock has jumped ahead by {Ahead}; nothing counts as overdue that was not waited for")]
    private partial void LogClockJumped(string campaign, TimeSpan ahead);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Error, Message = "{Campaign}: its remaining time could not be estimated; it goes on without")]
    private partial void LogNotEstimated(Exception exception, string campaign);
}
