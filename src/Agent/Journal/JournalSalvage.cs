using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>Reads the intact rows of a damaged database; rows that cannot be read or have a wrong checksum are skipped.</summary>
/// <param name="damaged">The damaged database.</param>
/// <param name="schema">Its schema; below the first with checksums a row is taken as it is.</param>
internal sealed class JournalSalvage(SqliteConnection damaged, int schema) : IDisposable
{
    private readonly bool _checked = schema >= JournalSchema.FirstWithChecksums;

    /// <summary>Opens a damaged database; null when not even that is possible.</summary>
    public static JournalSalvage? Open(string path, int schema)
    {
        SqliteConnection? damaged = null;
        return Attempt(() => damaged = JournalConnection.OpenToLook(path)) ? new JournalSalvage(damaged!, schema) : null;
    }

    /// <summary>The ledger; null when it is damaged.</summary>
    public JournalLedger? Ledger()
    {
        JournalLedger? ledger = null;
        Attempt(() => ledger = JournalLedger.Read(damaged));
        return ledger;
    }

    /// <summary>When the newest event was recorded; null when no event can be read.</summary>
    public DateTimeOffset? NewestEvent()
    {
        long? newest = null;
        Attempt(() => newest = damaged.ExecuteScalar<long?>("SELECT max(time) FROM events"));
        return newest is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => damaged.Dispose();

    /// <summary>The ordinals of all operations that any index or table still names, in order.</summary>
    public IReadOnlyList<long> Ordinals()
    {
        // A damaged page ends a scan. Scans of several trees, from both ends, see past it.
        var found = new SortedSet<long>();
        foreach (var source in new[]
        {
            "operations NOT INDEXED ORDER BY ordinal ASC", "operations NOT INDEXED ORDER BY ordinal DESC",
            "operations INDEXED BY operations_by_machine ORDER BY virtual_machine_id ASC, ordinal ASC",
            "operations INDEXED BY operations_by_machine ORDER BY virtual_machine_id DESC, ordinal DESC",
        })
        {
            Attempt(() =>
            {
                foreach (var ordinal in damaged.Query<long>($"SELECT ordinal FROM {source}", buffered: false))
                {
                    found.Add(ordinal);
                }
            });
        }

        return [.. found];
    }

    /// <summary>The intact rows of a table that match a condition, ordered by a unique column.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows(JournalTable table, string by, string condition = "1 = 1", object? parameters = null)
    {
        var rows = new Dictionary<object, IReadOnlyDictionary<string, object?>>();
        if (!Scan("ASC"))
        {
            Scan("DESC");
        }

        return [.. rows.Values.OrderBy(row => row[by])];

        bool Scan(string direction) => Attempt(() =>
        {
            var whole = _checked ? $"checksum = {table.Checksum}" : "1 = 1";
            var sql = $"SELECT {table.List} FROM {table.Name} WHERE {condition} AND {whole} ORDER BY {by} {direction}";
            foreach (IDictionary<string, object?> row in damaged.Query(sql, parameters, buffered: false))
            {
                rows.TryAdd(row[by]!, new Dictionary<string, object?>(row));
            }
        });
    }

    // False when reading failed midway. Missing rows are expected here: the caller compares what came back with what should have.
    private static bool Attempt(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
