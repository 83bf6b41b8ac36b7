using Dapper;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The schema of a shared store: additive, numbered scripts, so that a former version goes on beside a newer one.</summary>
internal static class PostgreSqlSchema
{
    private const string Prefix = "HostAgent.Coordinator.Store.PostgreSql.Scripts.";

    // Any number that nothing else in the database uses: it keeps two coordinators from upgrading at once.
    internal const long UpgradeLock = 0x4661_696C_6261_636B;

    private static readonly string[] Scripts =
        [.. typeof(PostgreSqlSchema).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The number of the newest script.</summary>
    public static int Newest => Scripts.Length;

    /// <summary>The number of the last script that the database has seen; 0 for an empty one.</summary>
    public static async Task<int> VersionOfAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
        => await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('schema_version') IS NOT NULL", transaction: transaction)
            ? await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(number), 0) FROM schema_version", transaction: transaction)
            : 0;

    /// <summary>Runs the scripts that the database does not have yet, all in one transaction. A coordinator of a former version that is connected goes on.</summary>
    /// <param name="connection">A connection to the database.</param>
    /// <param name="upTo">The last script; the newest when null. Only a test wants the tables of a former version.</param>
    /// <exception cref="StoreUnavailableException">A newer version wrote the tables.</exception>
    public static async Task UpgradeAsync(NpgsqlConnection connection, int? upTo = null)
    {
        var last = upTo ?? Newest;
        await using var transaction = await connection.BeginTransactionAsync();
        // Another coordinator may be upgrading, which takes longer than a write.
        await connection.ExecuteAsync("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0", transaction: transaction);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@UpgradeLock)", new { UpgradeLock }, transaction);
        var found = await VersionOfAsync(connection, transaction);
        if (found > Newest)
        {
            throw new StoreUnavailableException(FormattableString.Invariant(
                $"The store {PostgreSqlDatabase.NameOf(connection)} has schema {found}, but this version knows only schemas up to {Newest}: run the version that wrote it, or a newer one."));
        }

        if (found == last)
        {
            return;
        }

        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (number int PRIMARY KEY)", transaction: transaction);
        for (var number = found + 1; number <= last; number++)
        {
            using var reader = new StreamReader(typeof(PostgreSqlSchema).Assembly.GetManifestResourceStream(Scripts[number - 1])!);
            await connection.ExecuteAsync(await reader.ReadToEndAsync(), transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO schema_version (number) VALUES (@number)", new { number }, transaction);
        }

        await transaction.CommitAsync();
    }
}
