using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>
/// Ensures that a directory has an intact journal. A damaged one is quarantined, never deleted or changed; what is intact in it is copied into a new
/// one that records the damage. It may be interrupted at any point: the next start continues.
/// </summary>
internal sealed partial class JournalRecovery(JournalFiles files, TimeProvider time, ILogger logger)
{
    private const int LongestExplanation = 1000;

    /// <summary>Ensures an intact journal.</summary>
    /// <exception cref="JournalException">The journal was written by a newer version, or the directory cannot be read or written.</exception>
    public void Ensure()
    {
        files.DeleteUnfinished();
        if (files.FindRecovered() is { } stamp)
        {
            files.PutInPlace(stamp);
        }

        if (!files.AnyExists)
        {
            Make(_ => { });
            File.Move(files.Unfinished, files.Database);
            return;
        }

        var inspection = JournalInspector.Inspect(files);
        if (inspection.Findings.Count > 0)
        {
            Recover(inspection);
        }
    }

    private void Recover(JournalInspection inspection)
    {
        var found = time.GetUtcNow();
        var stamp = files.StampFor(found);
        var explanation = string.Join("; ", inspection.Findings).ReplaceLineEndings(" ");
        explanation = explanation.Length <= LongestExplanation ? explanation : explanation[..LongestExplanation];
        RecoveredJournal recovered = null!;
        Make(connection =>
        {
            recovered = new RecoveredJournal(connection, found, inspection);
            if (inspection.MayBeOpened)
            {
                recovered.TakeFrom(files.Database);
            }

            recovered.Note(Path.GetFileName(files.SetAside(stamp)), explanation);
        });
        File.Move(files.Unfinished, files.Recovered(stamp));
        files.PutInPlace(stamp);
        LogDamaged(logger, files.Database, explanation, files.SetAside(stamp), recovered.Operations, recovered.OperationsMissing);
    }

    private void Make(Action<SqliteConnection> fill)
    {
        using var connection = JournalConnection.OpenToWrite(files.Unfinished);
        JournalSchema.Upgrade(connection);
        using (var transaction = connection.BeginTransaction())
        {
            fill(connection);
            connection.Execute(JournalTable.Ledger.UpdateChecksum("id = 1"), transaction: transaction);
            transaction.Commit();
        }
    }

    [LoggerMessage(EventId = 2300, Level = LogLevel.Critical,
        Message = "Journal {Journal} is damaged: {Explanation}. It was quarantined as {SetAside}; {Operations} operations were recovered. Operations may be missing: {OperationsMissing}")]
    private static partial void LogDamaged(ILogger logger, string journal, string explanation, string setAside, int operations, bool operationsMissing);
}
