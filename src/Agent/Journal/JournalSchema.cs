using Dapper;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>The schema of a journal, by additive, numbered scripts.</summary>
internal static class JournalSchema
{
    /// <summary>The first schema whose rows carry checksums.</summary>
    public const int FirstWithChecksums = 2;

    /// <summary>The first schema that remembers who claimed a campaign.</summary>
    public const int FirstWithClaims = 3;

    private static readonly SchemaScripts Scripts = new(typeof(JournalSchema).Assembly, "HostAgent.Agent.Journal.Scripts.");

    /// <summary>The number of the newest script.</summary>
    public static int Version => Scripts.Newest;

    /// <summary>The schema that a file says it has; 0 for a file without any.</summary>
    public static int VersionOf(SqliteConnection connection) => SchemaScripts.VersionOf(connection);

    /// <summary>Runs every script that the file has not seen.</summary>
    public static void Upgrade(SqliteConnection connection) => Scripts.Upgrade(connection);

    /// <summary>Whether a file has exactly the tables, indexes and triggers of a version.</summary>
    public static bool IsExactly(SqliteConnection connection, int version)
    {
        using var reference = JournalConnection.OpenInMemory();
        Scripts.Upgrade(reference, version);
        return Definitions(connection).SequenceEqual(Definitions(reference));
    }

    private static List<(string Type, string Name, string Table, string? Sql)> Definitions(SqliteConnection connection)
        => [.. connection.Query<(string, string, string, string?)>("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")];
}
