using System.Diagnostics;
using Npgsql;

namespace HostAgent.Coordinator.Tests.Store;

/// <summary>A PostgreSQL of the machine's binaries, on a unix socket in a directory of its own.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("postgresql-");
    private int _databases;

    /// <summary>The directory of the binaries; null when there are none.</summary>
    public static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    private string Socket => _directory.FullName;

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

        await PostgresAsync("initdb", "-D", Path.Combine(Socket, "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync");
        await PostgresAsync("pg_ctl", "-D", Path.Combine(Socket, "data"), "-w", "-l", Path.Combine(Socket, "log"), "-o", $"-k {Socket} -c listen_addresses=", "start");
    }

    /// <summary>Creates an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"d{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(TextOf("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return TextOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        if (Binaries is not null)
        {
            await PostgresAsync("pg_ctl", "-D", Path.Combine(Socket, "data"), "-m", "immediate", "stop");
        }

        _directory.Delete(recursive: true);
    }

    private string TextOf(string database) => $"Host={Socket};Username=postgres;Database={database}";

    private Task PostgresAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Socket })!;
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }
}
