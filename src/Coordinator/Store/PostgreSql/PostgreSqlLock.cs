using Dapper;
using HostAgent.Coordinator.Options;
using HostAgent.Hosting;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>
/// Keeps two coordinators from working on one database: each would take the campaigns from the other for ever. It is a lock of a session, which ends with
/// its process, or when the server has not heard of it for <see cref="StoreOptions.TakeOverAfter"/>. It is not what keeps things from happening twice: the versions of the streams do that, also while the lock is lost with its connection.
/// </summary>
internal sealed partial class PostgreSqlLock : IStoreHold, IAsyncDisposable
{
    // Any number that nothing else in the database uses.
    private const long Key = 0x4661_696C_6261_636C;

    private const string Holders = """
        SELECT l.pid FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND l.classid::bigint << 32 | l.objid::bigint = @Key
        """;

    private const string WritePlace = """
        INSERT INTO place_at_work (session, address, console) VALUES (pg_backend_pid(), @Address, @Console)
        ON CONFLICT (is_only) DO UPDATE SET session = excluded.session, address = excluded.address, console = excluded.console
        """;

    // A server that serves a copy was started at another time. A transaction that begins later has a higher number, also in another session and after a crash.
    private const string Begin = """
        SELECT to_char(pg_postmaster_start_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '/' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS Store,
            pg_current_xact_id()::text::bigint AS Number
        """;

    // As long as the server may take to notice that the machine of the former owner is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Between two attempts to take over: nobody is at work until one succeeds.
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

    private const int AnswerSeconds = 3;

    private readonly NpgsqlDataSource _database;
    private readonly long _key;
    private readonly TimeSpan _silence;
    private readonly ILogger _logger;
    private readonly HoldEvents _events;
    private readonly bool _isShared;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private readonly Task _doubting;
    private long _heard = TimeProvider.System.GetTimestamp();
    private NpgsqlConnection? _connection;
    private StoreTerm _term;
    private PlaceAtWork? _place;
    private int _isDisposed;

    private PostgreSqlLock(NpgsqlDataSource database, long key, StoreOptions options, Taken taken, ILogger logger, HoldEvents events)
    {
        (_database, _key, _silence, _isShared, _connection, _term, StoodDown, _logger, _events) =
            (database, key, options.TakeOverAfter, options.Standby, taken.Connection, taken.Term, taken.StoodDown, logger, events);
        _loop = Task.Run(KeepAsync);
        _doubting = Task.Run(DoubtAsync);
    }

    public StoreTerm Term => Volatile.Read(ref _term);

    /// <summary>Ends when this coordinator no longer does what it did while it stood by.</summary>
    public Task StoodDown { get; }

    /// <summary>Takes the lock.</summary>
    /// <param name="options">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives when the lock is lost and found again.</param>
    /// <param name="events">Told what becomes of it.</param>
    /// <param name="key">The key of the lock. Only a test gives another one, to have two coordinators at work.</param>
    /// <exception cref="StoreUnavailableException">Another coordinator has it and this one does not stand by, or the database cannot be reached.</exception>
    public static async Task<PostgreSqlLock> TakeAsync(StoreOptions options, TimeProvider time, ILogger<PostgreSqlLock> logger, HoldEvents events, long key = Key)
    {
        NpgsqlDataSource? database = null;
        try
        {
            database = PostgreSqlDatabase.Open(options, connections: 2);
            var begin = time.GetTimestamp();
            while (true)
            {
                if (await TryTakeAsync(database, key, options.TakeOverAfter) is { } taken)
                {
                    return new PostgreSqlLock(database, key, options, taken, logger, events);
                }

                if (options.Standby)
                {
                    return new PostgreSqlLock(database, key, options, await StandByAsync(database, key, options, time, logger, events.StandBy), logger, events);
                }

                if (time.GetElapsedTime(begin) >= Patience)
                {
                    throw new StoreUnavailableException(
                        $"The store '{options.Database}' on {options.Host} is in use by another coordinator{await HolderAsync(database, key)}: one coordinator at a time may use it.");
                }

                await Task.Delay(PauseOf(options.TakeOverAfter), time);
            }
        }
        catch (Exception exception)
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            if (exception is StartException)
            {
                throw;
            }

            throw PostgreSqlDatabase.CannotBeOpened(options, exception);
        }
    }

    /// <summary>Tells those that stand by where this coordinator is reached, now and whenever it has had to take the lock again.</summary>
    public async Task TellAsync(PlaceAtWork place)
    {
        await _asking.WaitAsync();
        try
        {
            _place = place;
            if (_connection is { } connection)
            {
                await connection.ExecuteAsync(WritePlace, place);
            }
        }
        catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
        {
            // It is told with the next session.
            LogLost(PostgreSqlDatabase.Explain(exception));
            await DropAsync();
        }
        finally
        {
            _asking.Release();
        }
    }

    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { } connection)
            {
                await AskAsync(connection);
                return;
            }
        }
        catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
        {
            throw new StoreUnavailableException($"The connection that reserves the store was lost ({PostgreSqlDatabase.Explain(exception)}): another coordinator may have taken it.", exception);
        }
        finally
        {
            _asking.Release();
        }

        throw new StoreUnavailableException("The connection that reserves the store was lost: another coordinator may have taken it.");
    }

    public async ValueTask DisposeAsync()
    {
        // Registered under two types, so the container disposes it twice.
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_loop, _doubting, StoodDown);
        await _database.DisposeAsync();
        _asking.Dispose();
        _stopping.Dispose();
    }

    private static async Task<Taken?> TryTakeAsync(NpgsqlDataSource database, long key, TimeSpan silence)
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            if (await connection.ExecuteScalarAsync<bool>("SELECT pg_try_advisory_lock(@Key)", new { Key = key }))
            {
                await connection.ExecuteAsync(FormattableString.Invariant($"SET idle_session_timeout = {silence.TotalMilliseconds:0}"));
                return new Taken(connection, await connection.QuerySingleAsync<StoreTerm>(Begin));
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

    private static async Task<string> HolderAsync(NpgsqlDataSource database, long key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<string?>(
            $"""
            SELECT ' (connected from ' || coalesce(host(a.client_addr), 'this machine') || ' since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC)'
            FROM pg_stat_activity a WHERE a.pid IN ({Holders})
            """,
            new { Key = key }) ?? string.Empty;
    }

    // Null as well while the tables are of a version that does not know it.
    private static async Task<PlaceAtWork?> PlaceAsync(NpgsqlDataSource database, long key)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('place_at_work') IS NOT NULL")
            ? await connection.QuerySingleOrDefaultAsync<PlaceAtWork>($"SELECT address, console FROM place_at_work WHERE session IN ({Holders})", new { Key = key })
            : null;
    }

    private static async Task<Taken> StandByAsync(NpgsqlDataSource database, long key, StoreOptions options, TimeProvider time, ILogger logger, Func<Task<IStandby>>? standBy)
    {
        LogStandingBy(logger, options.Database, options.Host, await HolderAsync(database, key));
        if (standBy is null)
        {
            return await WaitAsync(database, key, options, time, logger, found: null);
        }

        var standby = await standBy();
        try
        {
            // Not awaited here: the caller opens the store in the meantime, because no coordinator is at work until it is open.
            return await WaitAsync(database, key, options, time, logger, standby.Found) with { StoodDown = standby.DisposeAsync().AsTask() };
        }
        catch
        {
            await standby.DisposeAsync();
            throw;
        }
    }

    private static async Task<Taken> WaitAsync(NpgsqlDataSource database, long key, StoreOptions options, TimeProvider time, ILogger logger, Action<PlaceAtWork?>? found)
    {
        var told = string.Empty;
        while (true)
        {
            try
            {
                if (await TryTakeAsync(database, key, options.TakeOverAfter) is { } taken)
                {
                    return taken;
                }

                found?.Invoke(await PlaceAsync(database, key));
                told = string.Empty;
            }
            catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception))
            {
                // The database may be away for hours: a coordinator that stands by only waits.
                if (PostgreSqlDatabase.Explain(exception) is var explanation && explanation != told)
                {
                    LogNotAsked(logger, told = explanation);
                }
            }

            await Task.Delay(Often, time);
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                // By the real time, as the server measures the silence.
                await Task.Delay(PauseOf(_silence), TimeProvider.System, _stopping.Token);
                await _asking.WaitAsync(_stopping.Token);
                try
                {
                    if (_connection is null)
                    {
                        if (await TryTakeAsync(_database, _key, _silence) is not { } taken)
                        {
                            LogTaken(await HolderAsync(_database, _key));
                            _events.Lost();
                            return;
                        }

                        Volatile.Write(ref _term, taken.Term);
                        _connection = taken.Connection;
                        if (_place is not null)
                        {
                            await _connection.ExecuteAsync(WritePlace, _place);
                        }
                    }

                    await AskAsync(_connection);
                    Volatile.Write(ref _heard, TimeProvider.System.GetTimestamp());
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    LogLost(PostgreSqlDatabase.Explain(exception));
                    await DropAsync();
                }
                finally
                {
                    _asking.Release();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The coordinator is stopping, and the lock is free with the connection.
        }
        finally
        {
            await DropAsync();
        }
    }

    // Beside the loop that asks, which may wait long for its answer.
    private async Task DoubtAsync()
    {
        using var look = new PeriodicTimer(PauseOf(_silence), TimeProvider.System);
        var isDoubted = false;
        try
        {
            while (await look.WaitForNextTickAsync(_stopping.Token))
            {
                var silent = TimeProvider.System.GetElapsedTime(Volatile.Read(ref _heard));
                if (_isShared && silent > 2 * _silence)
                {
                    isDoubted = true;
                    _events.Doubted?.Invoke(silent);
                }
                else if (isDoubted)
                {
                    isDoubted = false;
                    _events.Regained?.Invoke();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The coordinator is stopping.
        }
    }

    // Several signs of life within the time that the server waits for one.
    private static TimeSpan PauseOf(TimeSpan silence) => silence / 4 < LongestPause ? silence / 4 : LongestPause;

    private sealed record Taken(NpgsqlConnection Connection, StoreTerm Term)
    {
        public Task StoodDown { get; init; } = Task.CompletedTask;
    }

    // The lock belongs to the session: while the session answers, nobody else holds the lock.
    private static Task<int> AskAsync(NpgsqlConnection connection) => connection.ExecuteScalarAsync<int>(new CommandDefinition("SELECT 1", commandTimeout: AnswerSeconds));

    private async ValueTask DropAsync()
    {
        await (_connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        _connection = null;
        // A session that was only slow goes back to the pool alive, and would keep the lock from the next one of this process.
        _database.Clear();
    }

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The connection that reserves the store was lost ({Explanation}); connecting again")]
    private partial void LogLost(string explanation);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Critical, Message = "Another coordinator{Holder} has taken the store while the connection to it was lost; this one stops")]
    private partial void LogTaken(string holder);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Information, Message = "Standing by: another coordinator{Holder} has the store '{Database}' on {Host}; this one takes over when that one has ended or is no longer heard of")]
    private static partial void LogStandingBy(ILogger logger, string database, string? host, string holder);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Warning, Message = "The store cannot be asked whether another coordinator has it ({Explanation}); still standing by")]
    private static partial void LogNotAsked(ILogger logger, string explanation);
}
