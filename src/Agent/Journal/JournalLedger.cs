using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>The row that counts what the journal holds.</summary>
internal sealed record JournalLedger(Guid JournalId, long Schema, long Commits, long Operations, long Events, long Epochs, long Damages)
{
    /// <summary>Numbers the commit that is about to be made, and returns the number.</summary>
    public static readonly string NumberCommit =
        $"""
        UPDATE ledger SET commits = commits + 1, checksum = {JournalTable.Ledger.Checksum.Replace("commits", "commits + 1", StringComparison.Ordinal)}
        RETURNING commits
        """;

    /// <summary>Reads the ledger; null when it is not there or its checksum is wrong.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static JournalLedger? Read(SqliteConnection connection)
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'ledger'") == 0)
        {
            return null;
        }

        var row = connection.QuerySingleOrDefault<Row>(
            $"""
            SELECT journal_id AS JournalId, schema AS Schema, commits AS Commits, operations AS Operations, events AS Events, epochs AS Epochs, damages AS Damages
            FROM ledger WHERE id = 1 AND checksum = {JournalTable.Ledger.Checksum}
            """);
        return row is null
            ? null
            : new JournalLedger(Guid.ParseExact(row.JournalId, "N"), row.Schema, row.Commits, row.Operations, row.Events, row.Epochs, row.Damages);
    }

    private sealed class Row
    {
        public string JournalId { get; init; } = "";

        public long Schema { get; init; }

        public long Commits { get; init; }

        public long Operations { get; init; }

        public long Events { get; init; }

        public long Epochs { get; init; }

        public long Damages { get; init; }
    }
}
