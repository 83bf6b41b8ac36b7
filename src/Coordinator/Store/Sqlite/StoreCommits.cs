using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>Counts the commits of the store, and logs failed writes.</summary>
internal sealed partial class StoreCommits(StoreMetrics? metrics, ILogger<SqliteEventStore> logger) : ICommitParticipant
{
    public void Completing(SqliteConnection connection, SqliteTransaction transaction)
    {
    }

    public void Committed() => metrics?.Committed();

    public Exception Refuse(Exception exception)
    {
        LogWriteFailed(exception);
        return new StoreUnavailableException($"The store could not be written to: {exception.Message}", exception);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "Writing to the store failed; reloading the campaign")]
    private partial void LogWriteFailed(Exception exception);
}
