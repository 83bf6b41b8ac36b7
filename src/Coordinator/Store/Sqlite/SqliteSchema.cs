using Dapper;
using HostAgent.Coordinator.Store.Rows;
using HostAgent.Hosting.Sqlite;
using Microsoft.Data.Sqlite;

namespace HostAgent.Coordinator.Store.Sqlite;

/// <summary>The schema of a store: additive, numbered scripts.</summary>
internal static class SqliteSchema
{
    private const int FirstWithChain = 4;

    private static readonly SchemaScripts Scripts = new(typeof(SqliteSchema).Assembly, "HostAgent.Coordinator.Store.Scripts.");

    /// <summary>The number of the newest script, which every open store has.</summary>
    public static int Newest => Scripts.Newest;

    /// <summary>Runs the scripts that the file does not have yet.</summary>
    /// <exception cref="StoreUnavailableException">A newer version wrote the file.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        var current = SchemaScripts.VersionOf(connection);
        if (current > Newest)
        {
            throw new StoreUnavailableException(
                $"The store {connection.DataSource} has schema {current}, but this version knows only schemas up to {Newest}: run the version that wrote it, or a newer one.");
        }

        Scripts.Upgrade(connection, afterScript: (number, transaction) =>
        {
            if (number == FirstWithChain)
            {
                ChainOlderEvents(connection, transaction);
            }
        });
    }

    // SQLite has no SHA-256 function, so the program computes the hashes.
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
}
