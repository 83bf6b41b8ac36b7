using HostAgent.Campaigns.Messages;

namespace HostAgent.Coordinator.Runs;

internal sealed partial class CampaignRun
{
    [LoggerMessage(EventId = 3301, Level = LogLevel.Error, Message = "{Campaign}: discarded in-memory state at version {Version}; reloading from the store")]
    private partial void LogThrownAway(Exception exception, string campaign, long version);

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "{Campaign}: reloaded from the store at version {Version}")]
    private partial void LogReadAgain(string campaign, long version);

    [LoggerMessage(EventId = 3305, Level = LogLevel.Critical, Message = "{Campaign}: stored data is damaged; campaign suspended, other campaigns are not affected")]
    private partial void LogDamaged(Exception exception, string campaign);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Information, Message = "{Campaign}: ended as {Status}")]
    private partial void LogEnded(string campaign, CampaignStatus status);

    [LoggerMessage(EventId = 3306, Level = LogLevel.Warning, Message = "{Campaign}: the clock jumped ahead by {Ahead}; restarting timeouts")]
    private partial void LogClockJumped(string campaign, TimeSpan ahead);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Error, Message = "{Campaign}: estimating the remaining time failed; continuing without an estimate")]
    private partial void LogNotEstimated(Exception exception, string campaign);
}
