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

    /// <summary>Applies every script that the file does not have yet, each in a transaction of its own.</summary>
    /// <exception cref="JournalException">The file was written by a newer version.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        var found = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (found > Version)
        {
            throw new JournalException(
                $"The journal '{connection.DataSource}' has schema {found}, this agent knows up to {Version}: run the newer agent that wrote it.");
        }

        foreach (var (number, name) in Scripts().Where(script => script.Number > found).OrderBy(script => script.Number))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Read(name), transaction: transaction);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {number}"), transaction: transaction);
            transaction.Commit();
        }
    }

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
