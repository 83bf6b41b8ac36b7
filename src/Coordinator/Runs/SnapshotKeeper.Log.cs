namespace HostAgent.Coordinator.Runs;

internal sealed partial class SnapshotKeeper
{
    [LoggerMessage(EventId = 3321, Level = LogLevel.Warning, Message = "{Campaign}: the snapshot of version {Version} cannot be read, the events are read from the first on: {Explanation}")]
    private partial void LogUnreadable(string campaign, long version, string explanation);

    [LoggerMessage(EventId = 3322, Level = LogLevel.Warning, Message = "{Campaign}: the snapshot of version {Version} was not kept: {Explanation}")]
    private partial void LogNotKept(string campaign, long version, string explanation);
}
