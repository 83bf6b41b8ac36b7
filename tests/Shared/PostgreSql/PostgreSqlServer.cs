using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace HostAgent.Tests.Shared;

/// <summary>
/// A PostgreSQL of the machine's binaries in a directory of its own: on a unix socket and on a free port of 127.0.0.1. The role postgres needs no password, the role failback
/// needs <see cref="Password"/>, and the role certified needs a client certificate of that name.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    /// <summary>Why a test is skipped where there is no PostgreSQL.</summary>
    public const string Missing = "PostgreSQL 15 or newer is not installed: .ci/install-peers installs it.";

    /// <summary>The password of the role failback.</summary>
    public const string Password = "a long word of the failback role";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("postgresql-");
    private int _databases;

    /// <summary>The directory of the binaries; null when there are none.</summary>
    public static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .Where(version => int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) && number >= 15)
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        : null;

    /// <summary>The directory of its unix socket.</summary>
    public string Socket => _directory.FullName;

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    private string Data => Path.Combine(Socket, "data");

    public async ValueTask InitializeAsync()
    {
        if (Binaries is null)
        {
            return;
        }

        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL does not run as root.
            await RunAsync("chown", "postgres", Socket);
        }

        await PostgresAsync("initdb", "-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync");
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), """
            local   all certified            reject
            local   all all                  trust
            host    all postgres  127.0.0.1/32 trust
            host    all failback  127.0.0.1/32 scram-sha-256
            hostssl all certified 127.0.0.1/32 cert
            """ + "\n");
        Port = FreePort();
        await StartAsync();
        await ExecuteAsync("postgres", $"CREATE ROLE failback LOGIN PASSWORD '{Password}'; CREATE ROLE certified LOGIN");
    }

    /// <summary>Starts it again on the same port.</summary>
    public Task StartAsync() => PostgresAsync(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(Socket, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"-k {Socket} -c listen_addresses=127.0.0.1 -p {Port}"), "start");

    /// <summary>Stops it: every connection breaks. Immediate is as a crash.</summary>
    public Task StopAsync(string mode = "immediate") => PostgresAsync("pg_ctl", "-D", Data, "-m", mode, "-w", "stop");

    /// <summary>Gives it a certificate, so that it speaks TLS.</summary>
    public async Task SpeakTlsAsync(string certificate, string key, string authority)
    {
        foreach (var (from, name) in ((string, string)[])[(certificate, "server.crt"), (key, "server.key"), (authority, "root.crt")])
        {
            var path = Path.Combine(Data, name);
            await File.WriteAllBytesAsync(path, await File.ReadAllBytesAsync(from));
            await RunAsync("chmod", "600", path);
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", "postgres", path);
            }
        }

        await ExecuteAsync("postgres", "ALTER SYSTEM SET ssl = on");
        await ExecuteAsync("postgres", "ALTER SYSTEM SET ssl_ca_file = 'root.crt'");
        await StopAsync("fast");
        await StartAsync();
    }

    /// <summary>Creates an empty database that the role failback owns.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = $"d{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER failback {options}");
        return name;
    }

    /// <summary>Opens a connection of the superuser.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection($"Host={Socket};Port={Port};Username=postgres;Database={database};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Executes a statement as the superuser.</summary>
    public async Task<object?> ExecuteAsync(string database, string statement)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Runs one of PostgreSQL's programs against it.</summary>
    public Task ClientAsync(string program, params string[] arguments)
        => PostgresAsync(program, ["-h", Socket, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (Binaries is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await StopAsync();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>A port of 127.0.0.1 that nothing listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task PostgresAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Into a file: a server that is started keeps what it is given for as long as it lives.
        var output = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.log");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program, .. arguments]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        var said = await File.ReadAllTextAsync(output);
        File.Delete(output);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
        }
    }
}
