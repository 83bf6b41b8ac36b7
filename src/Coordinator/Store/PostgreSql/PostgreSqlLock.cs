using Dapper;
using HostAgent.Coordinator.Options;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>
/// Keeps two coordinators from working on one database: each would take the campaigns from the other for ever. It is a lock of a session, which ends with
/// its process. It is not what keeps things from happening twice: the versions of the streams do that, also while the lock is lost with its connection.
/// </summary>
internal sealed partial class PostgreSqlLock : IAsyncDisposable
{
    // Any number that nothing else in the database uses.
    private const long Key = 0x4661_696C_6261_636C;

    // As long as the server may take to notice that the machine of the former owner is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _lost;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    private PostgreSqlLock(NpgsqlDataSource database, NpgsqlConnection connection, TimeProvider time, ILogger logger, Action lost)
    {
        (_database, _time, _logger, _lost) = (database, time, logger, lost);
        _loop = Task.Run(() => KeepAsync(connection));
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="options">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives when the lock is lost and found again.</param>
    /// <param name="lost">Called when another coordinator has taken it.</param>
    /// <exception cref="StoreUnavailableException">Another coordinator has it, or the database cannot be reached.</exception>
    public static async Task<PostgreSqlLock> TakeAsync(StoreOptions options, TimeProvider time, ILogger<PostgreSqlLock> logger, Action lost)
    {
        NpgsqlDataSource? database = null;
        try
        {
            database = PostgreSqlDatabase.Open(options);
            var begin = time.GetTimestamp();
            while (true)
            {
                if (await TryTakeAsync(database) is { } connection)
                {
                    return new PostgreSqlLock(database, connection, time, logger, lost);
                }

                if (time.GetElapsedTime(begin) >= Patience)
                {
                    throw new StoreUnavailableException(
                        $"The store '{options.Database}' on {options.Host} is in use by another coordinator{await HolderAsync(database)}: one coordinator at a time may use it.");
                }

                await Task.Delay(Pause, time);
            }
        }
        catch (Exception exception)
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            throw PostgreSqlDatabase.CannotBeOpened(options, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await _database.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<NpgsqlConnection?> TryTakeAsync(NpgsqlDataSource database)
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            if (await connection.ExecuteScalarAsync<bool>("SELECT pg_try_advisory_lock(@Key)", new { Key }))
            {
                return connection;
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private static async Task<string> HolderAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>(
            """
            SELECT ' (connected from ' || coalesce(host(a.client_addr), 'this machine') || ' since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC)'
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint << 32 | l.objid::bigint = @Key
            """,
            new { Key }) ?? string.Empty;
    }

    private async Task KeepAsync(NpgsqlConnection? connection)
    {
        try
        {
            while (true)
            {
                try
                {
                    if (connection is null && (connection = await TryTakeAsync(_database)) is null)
                    {
                        LogTaken(await HolderAsync(_database));
                        _lost();
                        return;
                    }

                    // No notifications are asked for: it ends when the connection does.
                    await connection!.WaitAsync(_stopping.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogLost(PostgreSqlDatabase.Explain(exception));
                    await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
                    connection = null;
                    await Task.Delay(Pause, _time, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The coordinator is stopping, and the lock is free with the connection.
        }
        finally
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The connection that reserves the store was lost ({Explanation}); connecting again")]
    private partial void LogLost(string explanation);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Critical, Message = "Another coordinator{Holder} has taken the store while the connection to it was lost; this one stops")]
    private partial void LogTaken(string holder);
}
