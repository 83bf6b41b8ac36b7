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
    private const string ScriptPrefix = "HostAgent.Coordinator.Store.Scripts.";

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
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
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
