namespace HostAgent.Coordinator.Runs;

internal sealed partial class SnapshotKeeper
{
    [LoggerMessage(EventId = 3321, Level = LogLevel.Warning, Message = "{Campaign}: snapshot at version {Version} is unreadable, replaying all events: {Explanation}")]
    private partial void LogUnreadable(string campaign, long version, string explanation);

    [LoggerMessage(EventId = 3322, Level = LogLevel.Warning, Message = "{Campaign}: saving the snapshot at version {Version} failed: {Explanation}")]
    private partial void LogNotKept(string campaign, long version, string explanation);
}
