using HostAgent.Coordinator.Options;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The event store in a PostgreSQL database that several coordinators may share.</summary>
internal sealed class PostgreSqlEventStore : PostgreSqlEventReader, IEventStore
{
    private const int Readers = 12;

    private readonly PostgreSqlWriter<StreamWrite> _writer;

    private PostgreSqlEventStore(NpgsqlDataSource database, PostgreSqlWriter<StreamWrite> writer)
        : base(database) => _writer = writer;

    /// <summary>Opens the store; creates or upgrades its tables.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached or used.</exception>
    public static async Task<PostgreSqlEventStore> OpenAsync(StoreOptions options, TimeProvider time, ILogger<PostgreSqlEventStore> logger, StoreMetrics? metrics = null)
    {
        NpgsqlDataSource? database = null;
        try
        {
            database = PostgreSqlDatabase.Open(options, Readers);
            await using (var connection = await database.OpenConnectionAsync())
            {
                await PostgreSqlDatabase.RequireUsableAsync(connection);
                await PostgreSqlSchema.UpgradeAsync(connection);
            }

            return new PostgreSqlEventStore(database, new PostgreSqlWriter<StreamWrite>(options, (connection, transaction) => new PostgreSqlStreamWriter(connection, transaction), time, metrics, logger));
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

    public int Schema => PostgreSqlSchema.Newest;

    public Task CreateAsync(NewCampaign campaign, StreamAppend first) => _writer.WriteAsync(new StreamWrite(campaign, first));

    public Task AppendAsync(StreamAppend append) => _writer.WriteAsync(new StreamWrite(null, append));

    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) => base.ReadAsync(
        async connection =>
        {
            await _writer.SettleAsync(connection);
            return await read(connection);
        },
        cancellationToken);
}
