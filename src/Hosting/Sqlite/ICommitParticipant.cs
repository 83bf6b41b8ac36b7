using Microsoft.Data.Sqlite;

namespace HostAgent.Hosting.Sqlite;

/// <summary>What the owner of a database does in and after each commit of a <see cref="GroupCommitWriter"/>. Calls come from one thread at a time.</summary>
public interface ICommitParticipant
{
    /// <summary>Runs inside the transaction, after its writes and before the commit. An exception rolls the transaction back.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="transaction">The transaction that is about to be committed.</param>
    void Completing(SqliteConnection connection, SqliteTransaction transaction);

    /// <summary>Runs after a commit has become durable and before its writers are answered. It must not throw.</summary>
    void Committed();

    /// <summary>Turns the failure of a write into what its caller gets.</summary>
    /// <param name="exception">Why the write is not in the database.</param>
    /// <returns>The exception that the caller sees.</returns>
    Exception Refuse(Exception exception);
}
