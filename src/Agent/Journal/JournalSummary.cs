using Dapper;
using HostAgent.Agent.Operations.Model;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>A read-only summary of a journal, whether or not an agent is running on it.</summary>
/// <param name="Findings">What is wrong with it, a clause each; empty when it is intact.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Live">How many operations are not over; 0 when it is damaged.</param>
/// <param name="Finished">How many operations are over; 0 when it is damaged.</param>
/// <param name="Damages">The damages found at earlier starts, oldest first; none when it is damaged now.</param>
internal sealed record JournalSummary(IReadOnlyList<string> Findings, int Schema, long Live, long Finished, IReadOnlyList<JournalDamage> Damages)
{
    /// <summary>A damaged journal was recovered, and not all files are in their places yet: the next start sees to it.</summary>
    public bool IsBeingRecovered { get; private init; }

    /// <summary>Reads the journal of a directory. Changes nothing and blocks no one.</summary>
    /// <returns>What it shows, or null where there is none.</returns>
    /// <exception cref="JournalException">It cannot be read, or a newer agent wrote it.</exception>
    public static JournalSummary? Read(string directory)
    {
        var files = new JournalFiles(directory);
        try
        {
            if (Directory.Exists(directory) && files.FindRecovered() is not null)
            {
                return new JournalSummary([], 0, 0, 0, []) { IsBeingRecovered = true };
            }

            if (!files.AnyExists)
            {
                return null;
            }

            var inspection = JournalInspector.Inspect(files);
            return inspection.Findings.Count > 0
                ? new JournalSummary(inspection.Findings, inspection.Schema, 0, 0, [])
                : Count(files.Database, inspection.Schema);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The journal '{files.Database}' cannot be read: {exception.Message}", exception);
        }
    }

    private static JournalSummary Count(string database, int schema)
    {
        using var connection = JournalConnection.OpenToLook(database);
        var (all, live) = connection.QuerySingle<(long, long)>(
            "SELECT count(*), count(CASE WHEN state <= @running THEN 1 END) FROM operations", new { running = (int)OperationState.Running });
        var damages = schema < JournalSchema.FirstWithChecksums
            ? []
            : connection.Query<DamageRow>($"SELECT {DamageRow.Columns} FROM damages ORDER BY id").Select(row => row.ToDamage()).ToList();
        return new JournalSummary([], schema, live, all - live, damages);
    }
}
