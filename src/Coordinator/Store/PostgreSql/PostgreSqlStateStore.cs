using System.Runtime.CompilerServices;
using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store.States;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The states in the database of the campaigns, over connections of its own. The event store makes its tables.</summary>
internal sealed class PostgreSqlStateStore : IStateStore
{
    private const int Page = 2000;
    private const int Readers = 8;
    private static readonly TimeSpan BetweenLookUps = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _database;
    private readonly PostgreSqlWriter<StateWrite> _writer;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;

    /// <param name="options">The database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives what fails.</param>
    /// <param name="stopping">Ends the wait for what became of a write.</param>
    public PostgreSqlStateStore(StoreOptions options, TimeProvider time, ILogger<PostgreSqlStateStore> logger, CancellationToken stopping)
    {
        (_time, _stopping) = (time, stopping);
        _database = PostgreSqlDatabase.Open(options, Readers);
        _writer = new PostgreSqlWriter<StateWrite>(options, (connection, transaction) => new PostgreSqlStateWriter(connection, transaction), time, metrics: null, logger);
    }

    public async Task WriteAsync(StateWrite write)
    {
        try
        {
            await _writer.WriteAsync(write);
        }
        catch (StoreOutcomeUnknownException unknown)
        {
            // Nobody may go on from a state that is perhaps not the newest: the next write would be refused for ever.
            if (!await WasWrittenAsync(write, unknown))
            {
                throw new StoreUnavailableException("The store could not be written to: the connection broke before the write was committed.", unknown);
            }
        }
    }

    public Task<IReadOnlyList<string>> LoadLiveAsync(StateFamily family, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.LoadLiveAsync(family, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> FindNewestAsync(StateFamily family, IEnumerable<Guid> machines, CancellationToken cancellationToken)
    {
        // Read once: a connection that turns out to be dead is tried anew.
        var wanted = machines.ToArray();
        return ReadAsync(tables => tables.FindNewestAsync(family, wanted, cancellationToken), cancellationToken);
    }

    public Task<string?> FindAsync(StateFamily family, Guid uid, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.FindAsync(family, uid, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(StateFamily family, int limit, (long CreateTicks, Guid Uid)? after, bool liveOnly, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.ListAsync(family, limit, after, liveOnly, cancellationToken), cancellationToken);

    public async IAsyncEnumerable<AuditRecord> ReadAuditAsync(StateFamily family, Guid uid, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (await ReadAsync(tables => tables.ReadAuditAsync(family, uid, last, Page, cancellationToken), cancellationToken) is { Count: > 0 } page)
        {
            foreach (var record in page)
            {
                yield return record;
            }

            last = page[^1].Sequence;
        }
    }

    public Task<IReadOnlyList<ProofDate>> ListProofDatesAsync(CancellationToken cancellationToken) => ReadAsync(tables => tables.ListProofDatesAsync(cancellationToken), cancellationToken);

    public Task<IReadOnlyList<string>> FindProofsAsync(Guid machine, CancellationToken cancellationToken)
        => ReadAsync(tables => tables.FindProofsAsync(machine, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<bool> WasWrittenAsync(StateWrite write, StoreOutcomeUnknownException unknown)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                return await FindAsync(write.Family, write.Uid, _stopping) == write.State;
            }
            catch (StoreUnavailableException)
            {
                // The server is still away, which the writer has logged.
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(BetweenLookUps, _time, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        throw unknown;
    }

    private Task<T> ReadAsync<T>(Func<StateTables, Task<T>> read, CancellationToken cancellationToken)
        => _database.ReadAsync(
            async connection =>
            {
                await _writer.SettleAsync(connection);
                return await read(new StateTables(connection, isServer: true));
            },
            cancellationToken);
}
