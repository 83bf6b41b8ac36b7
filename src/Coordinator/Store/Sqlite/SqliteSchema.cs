using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>
/// Brings a store file to the newest schema. The scripts are additive and numbered; a file remembers in <c>user_version</c> the last
/// one that it has seen, so that a file of an older version opens and goes on.
/// </summary>
internal static class SqliteSchema
{
    private const int FirstWithChain = 4;
    private const string ScriptPrefix = "HostAgent.Coordinator.Store.Scripts.";

    /// <summary>The number of the newest script: every open store has seen it.</summary>
    public static int Newest { get; } = ReadScripts().Keys.Max();

    /// <summary>Runs the scripts that the file has not seen, each in its own transaction.</summary>
    /// <exception cref="StoreUnavailableException">The file was written by a newer version.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        var scripts = ReadScripts();
        var newest = scripts.Keys.Max();
        var current = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (current > newest)
        {
            throw new StoreUnavailableException(
                $"The store {connection.DataSource} has schema {current}, but this version knows only schemas up to {newest}: run the version that wrote it, or a newer one.");
        }

        foreach (var (number, script) in scripts.Where(script => script.Key > current))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(script, transaction: transaction);
            if (number == FirstWithChain)
            {
                ChainOlderEvents(connection, transaction);
            }

            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

    // The hash function is the program's, not SQLite's.
    private static void ChainOlderEvents(SqliteConnection connection, SqliteTransaction transaction)
    {
        foreach (var campaign in connection.Query<string>("SELECT uid FROM campaigns", transaction: transaction))
        {
            byte[] hash = [];
            foreach (var row in connection.Query<EventRow>(
                "SELECT version AS Version, time AS Time, type AS Type, data AS Data, hash AS Hash FROM events WHERE campaign = @campaign ORDER BY version", new { campaign }, transaction).ToList())
            {
                hash = EventChain.Next(hash, row.Version, row.ToEvent().Time, row.Type, row.Data);
                connection.Execute("UPDATE events SET hash = @hash WHERE campaign = @campaign AND version = @Version", new { hash, campaign, row.Version }, transaction);
            }

            connection.Execute("UPDATE campaigns SET event_hash = @hash WHERE uid = @campaign", new { hash, campaign }, transaction);
        }
    }

    private static SortedDictionary<int, string> ReadScripts()
    {
        var assembly = typeof(SqliteSchema).Assembly;
        var scripts = new SortedDictionary<int, string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(ScriptPrefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            scripts.Add(int.Parse(name.AsSpan(ScriptPrefix.Length, 3), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }

        return scripts;
    }
}
