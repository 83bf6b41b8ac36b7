using Dapper;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>Numbers the commits of a journal, in its ledger and in its mark.</summary>
internal sealed partial class CommitCounter(string database, long commits, CommitCounterFile mark, ILogger logger) : ICommitParticipant, IDisposable
{
    private long _durable = commits;
    private long _next = commits;

    /// <summary>The number of the last commit that is durable.</summary>
    public long Commits => Volatile.Read(ref _durable);

    /// <inheritdoc/>
    public void Completing(SqliteConnection connection, SqliteTransaction transaction)
        => _next = connection.ExecuteScalar<long>(JournalLedger.NumberCommit, transaction: transaction);

    /// <inheritdoc/>
    public void Committed()
    {
        Volatile.Write(ref _durable, _next);
        try
        {
            mark.Advance(_next);
        }
        catch (IOException exception)
        {
            // The commit is durable whether the mark follows or not: a mark that stays behind only detects less.
            LogMarkNotWritten(exception, _next);
        }
    }

    /// <inheritdoc/>
    public Exception Refuse(Exception exception)
        => exception as JournalException ?? new JournalException($"The journal '{database}' refused a write: {exception.Message}", exception);

    /// <inheritdoc/>
    public void Dispose() => mark.Dispose();

    [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Could not set the journal's mark to commit {Commits}; the loss of later commits may go undetected")]
    private partial void LogMarkNotWritten(Exception exception, long commits);
}
