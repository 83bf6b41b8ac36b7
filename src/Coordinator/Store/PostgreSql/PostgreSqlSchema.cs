using Dapper;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The schema of a shared store: additive, numbered scripts, so that a former version goes on beside a newer one.</summary>
internal static class PostgreSqlSchema
{
    private const string Prefix = "HostAgent.Coordinator.Store.PostgreSql.Scripts.";

    // Any number that nothing else in the database uses: it keeps two coordinators from upgrading at once.
    private const long UpgradeLock = 0x4661_696C_6261_636B;

    private static readonly string[] Scripts =
        [.. typeof(PostgreSqlSchema).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The number of the newest script.</summary>
    public static int Newest => Scripts.Length;

    /// <summary>Runs the scripts that the database does not have yet, all in one transaction.</summary>
    public static async Task UpgradeAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@UpgradeLock)", new { UpgradeLock }, transaction);
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (number int PRIMARY KEY)", transaction: transaction);
        var found = await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(number), 0) FROM schema_version", transaction: transaction);
        for (var number = found + 1; number <= Newest; number++)
        {
            using var reader = new StreamReader(typeof(PostgreSqlSchema).Assembly.GetManifestResourceStream(Scripts[number - 1])!);
            await connection.ExecuteAsync(await reader.ReadToEndAsync(), transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO schema_version (number) VALUES (@number)", new { number }, transaction);
        }

        await transaction.CommitAsync();
    }
}
