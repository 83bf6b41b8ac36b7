using System.Data;
using Dapper;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Store.Sqlite;
using HostAgent.Coordinator.Store.States;
using Npgsql;

namespace HostAgent.Coordinator.Store.Transfer;

/// <summary>
/// Moves the returns, drills and proofs of a data directory into the database of a coordinator that was given one: a return that is under way must go on, and not be
/// begun a second time. The file is kept under another name.
/// </summary>
internal sealed partial class StateMove(StoreOptions options, string data, ILogger<StateMove> logger)
{
    private const int RowsOfBatch = 500;

    /// <summary>What the name of a file that was moved ends in.</summary>
    public const string Suffix = ".moved";

    /// <summary>Called between the commit in the database and the new name of the file, for tests of a death there.</summary>
    internal Action Committed { get; init; } = () => { };

    /// <summary>Moves what there is, all or nothing. What the database has already is left as it is there, so that it can be repeated after a death at any moment.</summary>
    /// <exception cref="StoreUnavailableException">The file or the database cannot be read or written, or they contradict each other; the file is as it was.</exception>
    public async Task RunAsync()
    {
        var file = Path.Combine(data, SqliteStateStore.FileName);
        if (!File.Exists(file))
        {
            return;
        }

        var moved = 0;
        await using (var source = SqliteStateStore.OpenTables(file))
        {
            NpgsqlDataSource? database = null;
            try
            {
                database = PostgreSqlDatabase.Open(options, connections: 1);
                await using var target = await database.OpenConnectionAsync();
                // At the pace of a file.
                await target.ExecuteAsync("SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0");
                moved = await MoveAsync(source, target, file);
            }
            catch (Exception exception) when (PostgreSqlDatabase.IsOutOfOrder(exception) || exception is Microsoft.Data.Sqlite.SqliteException)
            {
                throw new StoreUnavailableException($"'{file}' could not be moved into the store '{options.Database}': {PostgreSqlDatabase.Explain(exception)}.", exception);
            }
            finally
            {
                await (database?.DisposeAsync() ?? ValueTask.CompletedTask);
            }

            // All of it is in the one file that gets the new name.
            await source.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
        }

        Committed();
        try
        {
            File.Move(file, FreeName(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{file}' was moved into the store '{options.Database}', but cannot be given another name: {exception.Message}", exception);
        }

        LogMoved(moved, file, options.Database);
    }

    private async Task<int> MoveAsync(Microsoft.Data.Sqlite.SqliteConnection source, NpgsqlConnection target, string file)
    {
        await using var reading = await source.BeginTransactionAsync(IsolationLevel.Serializable);
        await using var writing = await target.BeginTransactionAsync();
        var (from, to) = (new StateRows(source, "text"), new StateRows(target, "uuid"));
        var waiting = new List<(string, object?[])>(RowsOfBatch);
        StateLine? state = null;
        var (isNew, moved) = (false, 0);
        await foreach (var line in from.ReadAsync(reading, CancellationToken.None))
        {
            if (line is StateLine next)
            {
                state = next;
                isNew = await IsNewAsync(next, target, writing, file);
                moved += isNew ? 1 : 0;
            }

            if (isNew || line is ProofLine)
            {
                waiting.Add(to.StatementOf(line, state));
            }

            if (waiting.Count == RowsOfBatch)
            {
                await TransferBatch.SendAsync(target, writing, waiting, CancellationToken.None);
                waiting.Clear();
            }
        }

        await TransferBatch.SendAsync(target, writing, waiting, CancellationToken.None);
        await writing.CommitAsync();
        return moved;
    }

    private async Task<bool> IsNewAsync(StateLine line, NpgsqlConnection target, NpgsqlTransaction transaction, string file)
    {
        var table = StateTables.TableOf(line.ToFamily());
        var known = await target.QuerySingleOrDefaultAsync<long?>($"SELECT version FROM {table} WHERE uid = CAST(@Uid AS uuid)", new { line.Uid }, transaction);
        if (known is null && line.HasEnded == 0
            && await target.QuerySingleOrDefaultAsync<string>(
                $"SELECT uid::text FROM {table} WHERE machine = CAST(@Machine AS uuid) AND NOT has_ended", new { line.Machine }, transaction) is { } other)
        {
            throw new StoreUnavailableException(
                $"'{file}' cannot be moved into the store '{options.Database}': both have {table} of machine {line.Machine} that have not ended, {line.Uid} in the file and {other} in the store. "
                + $"If the one in the store is the true one, rename the file to {SqliteStateStore.FileName}{Suffix} and start again.");
        }

        return known is not { } version ? true
            : version >= line.Version ? false
            : throw new StoreUnavailableException(FormattableString.Invariant(
                $"'{file}' cannot be moved into the store '{options.Database}': {line.Uid} of {table} is at version {line.Version} in the file and at {version} in the store. If the store is the true one, rename the file to {SqliteStateStore.FileName}{Suffix} and start again."));
    }

    // A file that was moved before is kept too.
    private static string FreeName(string file)
    {
        var name = file + Suffix;
        for (var number = 2; File.Exists(name); number++)
        {
            name = FormattableString.Invariant($"{file}{Suffix}.{number}");
        }

        return name;
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "{Count} returns and drills were moved from {File} into the store {Database}; the file is kept under a name that ends in .moved")]
    private partial void LogMoved(int count, string file, string database);
}
