using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HostAgent.Hosting.Sqlite;

/// <summary>
/// Additive, numbered scripts that bring a database to the newest schema. <c>PRAGMA user_version</c> holds the number of the last one. A script that
/// was released never changes.
/// </summary>
public sealed class SchemaScripts
{
    private readonly SortedDictionary<int, string> _scripts = [];

    /// <summary>Reads the scripts.</summary>
    /// <param name="assembly">Has them as embedded resources.</param>
    /// <param name="prefix">What the names of the resources begin with; a number of three digits follows.</param>
    public SchemaScripts(Assembly assembly, string prefix)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            _scripts.Add(int.Parse(name.AsSpan(prefix.Length, 3), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }

        Newest = _scripts.Keys.Max();
    }

    /// <summary>The number of the newest script.</summary>
    public int Newest { get; }

    /// <summary>The number of the last script that a database has seen; 0 for an empty one.</summary>
    /// <param name="connection">A connection to it.</param>
    /// <returns>The number.</returns>
    public static int VersionOf(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");

    /// <summary>Runs the scripts that a database has not seen, each in a transaction of its own.</summary>
    /// <param name="connection">A connection to it that may write.</param>
    /// <param name="through">The last script to run; null for all.</param>
    /// <param name="afterScript">Runs in the transaction of each script, after it, with the script's number; null for nothing.</param>
    public void Upgrade(SqliteConnection connection, int? through = null, Action<int, SqliteTransaction>? afterScript = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var found = VersionOf(connection);
        foreach (var (number, script) in _scripts.Where(script => script.Key > found && script.Key <= (through ?? Newest)))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(script, transaction: transaction);
            afterScript?.Invoke(number, transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }
}
