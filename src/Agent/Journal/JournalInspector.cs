using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>What an inspection has found.</summary>
/// <param name="Findings">What is wrong, a clause each; empty for an intact journal.</param>
/// <param name="Schema">The schema, as far as it is known; 0 when it is not.</param>
/// <param name="MissingCommits">How many commits are missing at the end; null when that is not known.</param>
/// <param name="MayBeOpened">Whether the database may be opened with SQLite, which would delete the log of an empty one.</param>
internal sealed record JournalInspection(IReadOnlyList<string> Findings, int Schema, long? MissingCommits, bool MayBeOpened)
{
    /// <summary>Everything present is intact; only the last commits are missing.</summary>
    public bool OnlyEndMissing => MissingCommits > 0 && Findings.Count == 1;
}

/// <summary>Checks a journal before it is used: the file, every row, the counts, and the end. Changes nothing.</summary>
internal static class JournalInspector
{
    private const int MostFindings = 5;

    /// <summary>Inspects the journal of a directory, where there is any of its files.</summary>
    /// <exception cref="JournalException">It was written by a newer version, or cannot be read at all.</exception>
    public static JournalInspection Inspect(JournalFiles files)
    {
        var mark = ReadMark(files);
        if (!File.Exists(files.Database))
        {
            return new JournalInspection([$"the file is missing, and its mark says that {Number(mark?.Commits) ?? "an unknown number of"} commits were made"], 0, MissingCommits: null, MayBeOpened: false);
        }

        var findings = new List<string>();
        if (!CheckHeader(files.Database, findings))
        {
            return new JournalInspection(findings, 0, MissingCommits: null, MayBeOpened: false);
        }

        var schema = 0;
        JournalLedger? ledger = null;
        try
        {
            using var connection = JournalConnection.OpenToLook(files.Database);
            // One read transaction for all queries: a running agent changes rows and counts together.
            connection.Execute("BEGIN DEFERRED");
            ledger = JournalLedger.Read(connection);
            schema = CheckSchema(connection, files.Database, ledger, findings);
            findings.AddRange(connection.Query<string>($"PRAGMA integrity_check({MostFindings})").Where(line => line != "ok"));
            if (schema >= JournalSchema.FirstWithChecksums)
            {
                CheckRows(connection, ledger, findings);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_BUSY)
        {
            throw new JournalException($"The journal '{files.Database}' cannot be opened: {exception.Message}", exception);
        }
        catch (SqliteException exception)
        {
            findings.Add(exception.Message);
        }

        var missing = CheckEnd(files, mark, schema, ledger, findings);
        return new JournalInspection([.. findings.Take(MostFindings)], schema, missing, MayBeOpened: true);
    }

    // Bytes 18 and 19: how the file is to be written and read. SQLite takes a wrong one for a file that may only be read.
    private static bool CheckHeader(string path, List<string> findings)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[100];
        if (RandomAccess.Read(file, header, 0) < header.Length)
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"the file has {RandomAccess.GetLength(file)} bytes, less than its header"));
            return false;
        }

        if (header[18] != header[19] || header[18] is not (1 or 2))
        {
            findings.Add(string.Create(CultureInfo.InvariantCulture, $"its header has the formats {header[18]} and {header[19]}"));
        }

        return true;
    }

    private static int CheckSchema(SqliteConnection connection, string database, JournalLedger? ledger, List<string> findings)
    {
        var version = JournalSchema.VersionOf(connection);
        var schema = (int)(ledger?.Schema ?? version);
        if (schema > JournalSchema.Version)
        {
            throw new JournalException(
                $"The journal '{database}' has schema {schema}, this agent knows up to {JournalSchema.Version}: run the newer agent that wrote it.");
        }

        if (version != schema)
        {
            findings.Add($"its header has schema {version}, its ledger {schema}");
        }
        else if (schema == 0)
        {
            findings.Add("it has no schema");
        }
        else if (!JournalSchema.IsExactly(connection, schema))
        {
            findings.Add($"its tables are not those of schema {schema}");
        }

        return schema;
    }

    private static void CheckRows(SqliteConnection connection, JournalLedger? ledger, List<string> findings)
    {
        if (ledger is null)
        {
            findings.Add("its ledger cannot be read");
        }

        List<(JournalTable Table, long? Counted)> tables =
        [
            (JournalTable.Operations, ledger?.Operations), (JournalTable.Events, ledger?.Events), (JournalTable.Epochs, ledger?.Epochs), (JournalTable.Damages, ledger?.Damages),
        ];
        if (JournalSchema.VersionOf(connection) >= JournalSchema.FirstWithClaims)
        {
            tables.Add((JournalTable.Claims, null));
            tables.Add((JournalTable.ClaimTokens, null));
        }

        foreach (var (table, counted) in tables)
        {
            var (rows, good) = connection.QuerySingle<(long, long)>(
                $"SELECT count(*), count(CASE WHEN checksum = {table.Checksum} THEN 1 END) FROM {table.Name} NOT INDEXED");
            if (good != rows)
            {
                findings.Add($"{Number(rows - good)} of {Number(rows)} {table.Name} have a wrong checksum");
            }

            if (counted is { } expected && expected != rows)
            {
                findings.Add($"it has {Number(rows)} {table.Name}, its ledger counted {Number(expected)}");
            }
        }

        var astray = connection.ExecuteScalar<long>(
            "SELECT count(*) FROM operations o WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.ordinal = o.ordinal AND e.sequence = o.sequence)");
        if (astray > 0)
        {
            findings.Add($"{Number(astray)} operations lack their last event");
        }
    }

    private static long? CheckEnd(JournalFiles files, CommitCounterFile.Reading? mark, int schema, JournalLedger? ledger, List<string> findings)
    {
        if (mark is null && !File.Exists(files.Mark))
        {
            // A journal of the first schema has no mark, and neither has one that was just made.
            if (schema < JournalSchema.FirstWithChecksums || ledger?.Commits == 0)
            {
                return findings.Count == 0 ? 0 : null;
            }

            findings.Add($"its mark '{Path.GetFileName(files.Mark)}' is missing");
            return null;
        }

        if (mark is null)
        {
            findings.Add($"its mark '{Path.GetFileName(files.Mark)}' cannot be read");
            return null;
        }

        if (ledger is null)
        {
            // The first schema never had a mark: this file is older than the mark beside it.
            findings.Add($"its mark says that {Number(mark.Commits)} commits were made, which it does not show");
            return null;
        }

        if (ledger.JournalId != mark.Journal)
        {
            findings.Add("its mark belongs to another journal");
            return null;
        }

        var missing = Math.Max(0, mark.Commits - ledger.Commits);
        if (missing > 0)
        {
            findings.Add($"its last {Number(missing)} of {Number(mark.Commits)} commits are missing");
        }

        return missing;
    }

    private static CommitCounterFile.Reading? ReadMark(JournalFiles files) => File.Exists(files.Mark) ? CommitCounterFile.Read(files.Mark) : null;

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
