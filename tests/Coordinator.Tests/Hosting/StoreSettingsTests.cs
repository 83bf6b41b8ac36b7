using System.Runtime.Versioning;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Hosting;
using HostAgent.Tests.Shared;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Hosting;

/// <summary>How a coordinator is told where its campaigns are, and what it refuses.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class StoreSettingsTests : IClassFixture<PostgreSqlServer>, IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly PostgreSqlServer _server;
    private readonly Pki _pki = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("start-");

    public StoreSettingsTests(PostgreSqlServer server)
    {
        _server = server;
        // Other accounts may enter, so that the modes of the files count.
        File.SetUnixFileMode(_directory.FullName, Owner | OthersRead | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    public void Dispose()
    {
        _pki.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public void All_that_is_wrong_with_the_store_is_named_at_once()
    {
        var exposed = Secret("a secret word", Owner | OthersRead);

        var lines = Refused(("Kind", "postgresql"), ("Port", "0"), ("Database", " "), ("PasswordFile", exposed), ("RootCertificate", "/nowhere.pem"), ("ClientKey", exposed), ("Password", "a secret word"), ("Advertise", "dr-a.example:8443"));

        lines.ShouldContain("Coordinator:Store:Host is not set; it must be the name or the IP address of a server, or the directory of its unix socket, because Kind is postgresql.");
        lines.ShouldContain("Coordinator:Store:Port is '0'; it must be a whole number from 1 to 65535.");
        lines.ShouldContain("Coordinator:Store:Database is ' '; it must be the name of a database.");
        lines.ShouldContain("Coordinator:Store:RootCertificate is '/nowhere.pem'; it must be the path of an existing file, the PEM certificate of the authority of the server.");
        lines.ShouldContain("Coordinator:Store:ClientCertificate is not set; it must be the certificate of ClientKey.");
        lines.ShouldContain($"Coordinator:Store:PasswordFile is '{exposed}'; it must be a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600).");
        lines.ShouldContain($"Coordinator:Store:ClientKey is '{exposed}'; it must be a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600).");
        lines.ShouldContain("Coordinator:Store:Advertise is 'dr-a.example:8443'; it must be the name or the IP address of this machine, without a port.");
        lines.ShouldContain(line => line.StartsWith("Coordinator:Store:Password is not a setting; it must be one of Kind, Host, Port,", StringComparison.Ordinal));
        lines.Count.ShouldBe(9);
        lines.ShouldNotContain(line => line.Contains("a secret word", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Kind", "oracle", "Coordinator:Store:Kind is 'oracle'; it must be sqlite or postgresql.")]
    [InlineData("Host", "db.example", "Coordinator:Store:Host is 'db.example'; it must be unset while Kind is sqlite.")]
    [InlineData("Advertise", "dr-a.example", "Coordinator:Store:Advertise is 'dr-a.example'; it must be unset while Kind is sqlite.")]
    [InlineData("Standby", "true", "Coordinator:Store:Standby is 'true'; it must be false while Kind is sqlite: only one machine has its files.")]
    public void A_server_that_would_not_be_used_is_refused(string key, string value, string expected)
        => Refused((key, value)).ShouldHaveSingleItem().ShouldBe(expected);

    [Fact]
    public void The_group_itself_has_no_value()
        => Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), "--Coordinator:Store", "postgresql"])).Lines.ShouldHaveSingleItem()
            .ShouldBe("Coordinator:Store is 'postgresql'; it must be set by its own settings, such as Coordinator:Store:Kind.");

    [Fact]
    public async Task A_password_is_read_from_its_file_and_told_to_nobody()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await _server.CreateDatabaseAsync();
        var password = Secret(PostgreSqlServer.Password + "\n", Owner);
        var server = Server(database, ("PasswordFile", password));

        await using (CoordinatorApplication.Create([.. Switches(), .. server]))
        {
            File.Exists(Path.Combine(_directory.FullName, "data", "campaigns.db")).ShouldBeFalse();
            File.Exists(Path.Combine(_directory.FullName, "data", "returns.db")).ShouldBeFalse();
        }

        await File.WriteAllTextAsync(password, "another secret");
        var line = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), .. server])).Lines.ShouldHaveSingleItem();
        line.ShouldBe($"The store '{database}' on 127.0.0.1:{_server.Port} cannot be opened: the server refuses the login: password authentication failed for user \"failback\".");
    }

    [Fact]
    public async Task A_second_coordinator_on_the_same_database_is_refused_and_one_after_the_first_is_not()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await _server.CreateDatabaseAsync();
        var server = Server(database, ("User", "postgres"));
        await using (CoordinatorApplication.Create([.. Switches(), .. server]))
        {
            var line = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches("second"), .. server])).Lines.ShouldHaveSingleItem();
            line.ShouldStartWith($"The store '{database}' on 127.0.0.1 is in use by another coordinator (connected from 127.0.0.1 since ");
            line.ShouldEndWith(" UTC): one coordinator at a time may use it.");
        }

        await using var next = CoordinatorApplication.Create([.. Switches("second"), .. server]);
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_is_named_with_the_reason()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var line = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), .. Server("nowhere", ("User", "postgres"))])).Lines.ShouldHaveSingleItem();
        line.ShouldBe($"The store 'nowhere' on 127.0.0.1:{_server.Port} cannot be opened: database \"nowhere\" does not exist (3D000).");

        // A name, even this one, may lead to another machine: it is verified, and this server speaks no TLS.
        line = Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), .. Server("postgres", ("User", "postgres"), ("Host", "localhost"))])).Lines.ShouldHaveSingleItem();
        line.ShouldStartWith($"The store 'postgres' on localhost:{_server.Port} cannot be opened: ");
        line.ShouldContain("SSL");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("returns")]
    [InlineData("drills")]
    [InlineData("campaigns")]
    public async Task Database_that_goes_away_before_the_coordinator_listens_is_a_reason_not_to_start(string table)
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await _server.CreateDatabaseAsync();
        await using var application = CoordinatorApplication.Create([.. Switches(), .. Server(database, ("User", "postgres"))]);
        await _server.ExecuteAsync(database, $"ALTER TABLE {table} RENAME TO gone");

        (await Should.ThrowAsync<StartException>(() => application.StartAsync(TestContext.Current.CancellationToken))).Lines.ShouldHaveSingleItem().ShouldContain($"relation \"{table}\" does not exist");
    }

    private IReadOnlyList<string> Refused(params (string Key, string Value)[] settings)
        => Should.Throw<StartException>(() => CoordinatorApplication.Create([.. Switches(), .. settings.SelectMany(Setting)])).Lines;

    private static string[] Setting((string Key, string Value) setting) => [$"--Coordinator:Store:{setting.Key}", setting.Value];

    private string[] Server(string database, params (string Key, string Value)[] more)
        => [.. new[] { ("Kind", "postgresql"), ("Host", "127.0.0.1"), ("Port", $"{_server.Port}"), ("Database", database) }.Concat(more).SelectMany(Setting)];

    private string Secret(string text, UnixFileMode mode)
    {
        var path = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private string[] Switches(string data = "data")
    {
        var files = _pki.Files(PeerRole.Coordinator, "coordinator");
        var inventory = Path.Combine(_directory.FullName, "hosts.yaml");
        File.WriteAllText(inventory, "apiVersion: failback/v1\nkind: Inventory\nhosts: [{name: hv-west-01, address: 'https://127.0.0.1:1'}]\n");
        return
        [
            "--listen", "127.0.0.1:0", "--data", Path.Combine(_directory.FullName, data), "--inventory", inventory,
            "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
            "--Logging:LogLevel:Default", "None",
        ];
    }
}
