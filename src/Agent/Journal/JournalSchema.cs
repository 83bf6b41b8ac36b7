using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Agent.Journal;

/// <summary>Brings a journal file to this version's schema by additive, numbered scripts. A script that was released never changes.</summary>
internal static class JournalSchema
{
    private const string Prefix = "HostAgent.Agent.Journal.Scripts.";

    /// <summary>The number of the newest script.</summary>
    public static int Version => Scripts().Max(script => script.Number);

    /// <summary>The first schema whose rows carry checksums.</summary>
    public static int FirstWithChecksums => 2;

    /// <summary>The first schema that remembers who claimed a campaign.</summary>
    public static int FirstWithClaims => 3;

    /// <summary>The schema that a file says it has; 0 for a file without any.</summary>
    public static int VersionOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    /// <summary>Applies every script that the file does not have yet, each in a transaction of its own.</summary>
    public static void Upgrade(SqliteConnection connection) => Upgrade(connection, Version);

    /// <summary>Whether a file has the very tables, indexes and triggers of a version.</summary>
    public static bool IsExactly(SqliteConnection connection, int version)
    {
        using var reference = JournalConnection.OpenInMemory();
        Upgrade(reference, version);
        return Definitions(connection).SequenceEqual(Definitions(reference));
    }

    private static void Upgrade(SqliteConnection connection, int version)
    {
        var found = VersionOf(connection);
        foreach (var (number, name) in Scripts().Where(script => script.Number > found && script.Number <= version).OrderBy(script => script.Number))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Read(name), transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

    private static List<(string Type, string Name, string Table, string? Sql)> Definitions(SqliteConnection connection)
        => [.. connection.Query<(string, string, string, string?)>("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")];

    private static IEnumerable<(int Number, string Name)> Scripts()
        => typeof(JournalSchema).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 3), CultureInfo.InvariantCulture), name));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(JournalSchema).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
