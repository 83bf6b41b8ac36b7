using HostAgent.Coordinator.Options;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.PostgreSql;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Tests.Shared;
using HostAgent.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>The store speaks only to the server that it was told to speak to.</summary>
public sealed class PostgreSqlTlsTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IAsyncLifetime
{
    private readonly Pki _pki = new();
    private readonly Pki _stranger = new();
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        // Of 127.0.0.1, and of no name.
        var files = _pki.Files(PeerRole.Coordinator, "database");
        await server.SpeakTlsAsync(files.CertificatePath!, files.PrivateKeyPath!, files.AuthorityPath!);
        _database = await server.CreateDatabaseAsync();
    }

    public ValueTask DisposeAsync()
    {
        _pki.Dispose();
        _stranger.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_the_authority_for_its_address_is_spoken_to_encrypted()
    {
        await using var store = await OpenAsync(With("127.0.0.1", _pki));
        (await server.ExecuteAsync("postgres", $"SELECT bool_and(ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.datname = '{_database}'")).ShouldBe(true);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
        => (await RefusedAsync(With("localhost", _pki))).ShouldContain("SSL handshake: The remote certificate");

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
        => (await RefusedAsync(With("127.0.0.1", _stranger))).ShouldStartWith($"The store '{_database}' on 127.0.0.1:{server.Port} cannot be opened: ");

    [Fact]
    public async Task A_server_by_name_is_never_spoken_to_in_clear()
    {
        var options = With("localhost", _pki);
        options.RootCertificate = null;

        options.IsVerified.ShouldBeTrue();
        await RefusedAsync(options);
    }

    [Fact]
    public async Task A_client_certificate_takes_the_place_of_a_password()
    {
        var files = _pki.Files(PeerRole.Coordinator, "certified");
        await server.ExecuteAsync(_database, "GRANT ALL ON SCHEMA public TO certified");
        var options = With("127.0.0.1", _pki);
        (options.User, options.ClientCertificate, options.ClientKey) = ("certified", files.CertificatePath, files.PrivateKeyPath);

        await using (await OpenAsync(options))
        {
            (await server.ExecuteAsync("postgres", $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_database}' AND usename = 'certified'")).ShouldNotBe(0L);
        }

        var other = _pki.Files(PeerRole.Coordinator, "somebody-else");
        (options.ClientCertificate, options.ClientKey) = (other.CertificatePath, other.PrivateKeyPath);
        (await RefusedAsync(options)).ShouldContain("certificate authentication failed for user \"certified\"");
    }

    private static Task<PostgreSqlEventStore> OpenAsync(StoreOptions options) => PostgreSqlEventStore.OpenAsync(options, TimeProvider.System, NullLogger<PostgreSqlEventStore>.Instance);

    private static async Task<string> RefusedAsync(StoreOptions options) => (await Should.ThrowAsync<StoreUnavailableException>(() => OpenAsync(options))).Message;

    private StoreOptions With(string host, Pki pki) => new()
    {
        Kind = StoreOptions.PostgreSql,
        Host = host,
        Port = server.Port,
        Database = _database,
        User = "postgres",
        RootCertificate = pki.Files(PeerRole.Coordinator, "reader").AuthorityPath,
    };
}
