using HostAgent.Coordinator.Options;
using HostAgent.Texts;
using HostAgent.Transport;
using Npgsql;

namespace HostAgent.Coordinator.Store.PostgreSql;

/// <summary>The connections to a database that coordinators share.</summary>
internal static class PostgreSqlDatabase
{
    // The oldest version that the tests run on.
    private const int OldestServer = 15;

    // A stopped process must not hold the rows' locks: PostgreSQL would keep them for as long as it sleeps. A machine that is gone must not hold its
    // session: the server asks for a sign of life after five seconds.
    private const string Session =
        "-c synchronous_commit=on -c idle_in_transaction_session_timeout=2s -c lock_timeout=3s -c statement_timeout=20s -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3";

    /// <summary>How a coordinator reaches its database.</summary>
    /// <param name="options">The database.</param>
    /// <param name="connections">
    /// The most connections open at once; a caller that needs another one waits. A server allows about a hundred for all its clients, and readers must not use up those of the writer and of the lock.
    /// </param>
    public static NpgsqlDataSource Open(StoreOptions options, int connections)
    {
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = options.Host,
            Port = options.Port,
            Database = options.Database,
            Username = options.User,
            SslMode = options.IsVerified ? SslMode.VerifyFull : SslMode.Disable,
            RootCertificate = options.IsVerified ? options.RootCertificate : null,
            SslCertificate = options.IsVerified ? options.ClientCertificate : null,
            SslKey = options.IsVerified ? options.ClientKey : null,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Options = Session,
            ApplicationName = "failback coordinator",
            // Every session has the settings above and no others: nothing is to be reset between its users.
            NoResetOnClose = true,
            MaxPoolSize = connections,
            // The few statements of the store are planned once for each connection.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 3,
            Timeout = 5,
            CommandTimeout = 25,
        };
        if (!options.IsSocket)
        {
            (text.TcpKeepAlive, text.TcpKeepAliveTime, text.TcpKeepAliveInterval) = (true, 5, 1);
        }

        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (options.PasswordFile is { } file)
        {
            // For each new connection, so that a new password needs no restart.
            builder.UsePasswordProvider(_ => Password(file), (_, _) => ValueTask.FromResult(Password(file)));
        }

        return builder.Build();
    }

    /// <summary>Refuses a server or a database that cannot hold the store.</summary>
    /// <exception cref="StoreUnavailableException">It cannot; the message says why.</exception>
    public static async Task RequireUsableAsync(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new StoreUnavailableException(FormattableString.Invariant($"The store {NameOf(connection)} is on PostgreSQL {connection.PostgreSqlVersion}; it must be {OldestServer} or newer."));
        }

        await using var command = new NpgsqlCommand("SHOW server_encoding", connection);
        if ((string?)await command.ExecuteScalarAsync() is var encoding && encoding != "UTF8")
        {
            throw new StoreUnavailableException($"The store {NameOf(connection)} has the encoding {encoding}; it must be UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0).");
        }
    }

    /// <summary>The store in a message.</summary>
    public static string NameOf(NpgsqlConnection connection) => $"'{connection.Database}' on {connection.Host}:{connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>The refusal to open a store.</summary>
    public static StoreUnavailableException CannotBeOpened(StoreOptions options, Exception exception) => exception.GetBaseException() as StoreUnavailableException ?? new StoreUnavailableException(
        FormattableString.Invariant($"The store '{options.Database}' on {options.Host}:{options.Port} cannot be opened: {Explain(exception)}."), exception);

    /// <summary>What went wrong, in one sentence without a full stop.</summary>
    public static string Explain(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } refusal => $"the database is read-only ({refusal.MessageText}): it must be a primary server",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } refusal => $"the disk of the database is full ({refusal.MessageText})",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refusal => $"the server refuses the login: {refusal.MessageText}",
        PostgresException refusal => $"{refusal.MessageText} ({refusal.SqlState})",
        // The driver advises to change a connection string, which is not a setting of the coordinator.
        NpgsqlException { InnerException: TimeoutException } when exception.Message.StartsWith("The connection pool has been exhausted", StringComparison.Ordinal) => "too many reads are waiting",
        _ when exception.GetBaseException() is var cause && cause != exception && cause is not PostgresException => $"{exception.Message.TrimEnd('.')}: {cause.Message.TrimEnd('.')}",
        _ => exception.Message.TrimEnd('.'),
    };

    /// <summary>Whether the database or the way to it is out of order, so that the same may succeed later.</summary>
    public static bool IsOutOfOrder(Exception exception) => exception is NpgsqlException or TimeoutException or IOException;

    /// <summary>Reads with a connection.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(this NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await read(connection);
            }
            catch (NpgsqlException exception) when (!isSecond && exception.IsTransient)
            {
                // The connections from before a restart of the server are dead, and the first use finds it out.
            }
            catch (Exception exception) when (IsOutOfOrder(exception))
            {
                throw new StoreUnavailableException($"The store could not be read: {Explain(exception)}.", exception);
            }
        }
    }

    private static string Password(string file)
    {
        if (OwnerOnly.ErrorOfSecret(file) is { } exposed)
        {
            throw new StoreUnavailableException($"The password of the store: {exposed}.");
        }

        return TextFile.Read(file).TrimEnd('\r', '\n');
    }
}
