namespace HostAgent.Coordinator.Store.Sqlite;

internal sealed partial class SqliteEventStore
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Writes} writes were lost from the store together; their campaigns are read again")]
    private partial void LogWriteFailed(Exception failure, int writes);
}
