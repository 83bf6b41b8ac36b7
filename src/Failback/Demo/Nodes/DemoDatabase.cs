using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using HostAgent.Cli;
using HostAgent.Texts;

namespace HostAgent.Failback.Demo.Nodes;

/// <summary>
/// The PostgreSQL that the coordinators of a demo share: the one that the coordinator's settings in the environment name, or one of this machine's programs in a directory that goes with the
/// demo.
/// </summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    /// <summary>The variable that names a server. A coordinator reads its settings from the environment too.</summary>
    public const string GivenHost = "Coordinator__Store__Host";

    private const string Role = "failback";
    private const string PasswordName = "the password of the database";
    private const int OldestVersion = 15;

    private static readonly string[] Kind = ["--Coordinator:Store:Kind", "postgresql"];

    private readonly string _binaries;
    private readonly DirectoryInfo? _directory;

    private DemoDatabase(string binaries, DirectoryInfo? directory, IReadOnlyList<string> arguments) => (_binaries, _directory, Arguments) = (binaries, directory, arguments);

    /// <summary>What says on a coordinator's command line where it is.</summary>
    public IReadOnlyList<string> Arguments { get; }

    private string Data => Path.Combine(_directory!.FullName, "data");

    /// <summary>Finds one, and starts it unless it was given.</summary>
    /// <param name="directory">The files of the demo.</param>
    /// <param name="binaries">The directory of PostgreSQL's programs; null when there are none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">There is none, or it did not start.</exception>
    public static async Task<DemoDatabase> StartAsync(DemoDirectory directory, string? binaries, CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(GivenHost) is { Length: > 0 })
        {
            return new DemoDatabase(string.Empty, null, Kind);
        }

        if (binaries is null)
        {
            throw new CommandException(ExitCode.Failed, string.Create(
                CultureInfo.InvariantCulture,
                $"Several coordinators share a PostgreSQL, and none was found: install PostgreSQL {OldestVersion} or newer on this machine, or name a database by {GivenHost}, Coordinator__Store__Database and so on."));
        }

        var (port, password, passwordFile) = (FreePort(), Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), Path.Combine(directory.Certificates, "database.password"));
        await OutputFile.WriteAsync(passwordFile, PasswordName, password, cancellationToken);
        var database = new DemoDatabase(
            binaries,
            Directory.CreateTempSubdirectory("failback-demo-database-"),
            [
                .. Kind,
                "--Coordinator:Store:Host", IPAddress.Loopback.ToString(),
                "--Coordinator:Store:Port", port.ToString(CultureInfo.InvariantCulture),
                "--Coordinator:Store:Database", "postgres",
                "--Coordinator:Store:User", Role,
                "--Coordinator:Store:PasswordFile", passwordFile,
            ]);
        try
        {
            await database.StartAsync(password, port, cancellationToken);
            return database;
        }
        catch
        {
            database._directory!.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The directory of this machine's newest PostgreSQL programs; null when there are none that are new enough.</summary>
    public static string? Find()
    {
        string[] families = ["/usr/lib/postgresql", "/opt/homebrew/opt", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL")];
        return families.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .Concat(Directory.Exists("/usr") ? Directory.GetDirectories("/usr", "pgsql-*") : [])
            .Select(place => (Programs: Path.Combine(place, "bin"), Version: VersionOf(Path.GetFileName(place))))
            .Where(found => found.Version >= OldestVersion && Directory.Exists(found.Programs) && Directory.EnumerateFiles(found.Programs, "initdb*").Any())
            .OrderByDescending(found => found.Version)
            .Select(found => found.Programs)
            .FirstOrDefault();
    }

    /// <summary>A port of 127.0.0.1 that nothing listened on a moment ago, for what has to be told one.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            await RunAsync("pg_ctl", ["-D", Data, "-m", "fast", "-w", "-s", "stop"], CancellationToken.None);
            _directory.Delete(recursive: true);
        }
    }

    // 17, pgsql-17 and postgresql@17.
    private static int VersionOf(string directory)
        => int.TryParse(directory[(directory.LastIndexOfAny(['-', '@']) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Start(start);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var said = await process.StandardError.ReadToEndAsync(cancellationToken);
            throw new CommandException(ExitCode.Failed, $"The database of the demo: {start.FileName} ended with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}: {said.Trim()}");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new CommandException(ExitCode.Failed, $"The database of the demo needs {start.FileName}, which could not be run: {exception.Message}");
        }
    }

    private Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_binaries, program);
        // PostgreSQL does not run as root, which a container's user often is; its packages bring an account.
        var start = OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess ? new ProcessStartInfo(path, arguments) : new ProcessStartInfo("runuser", ["-u", "postgres", "--", path, .. arguments]);
        start.WorkingDirectory = _directory!.FullName;
        return RunAsync(start, cancellationToken);
    }

    private async Task StartAsync(string password, int port, CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(_directory!.FullName, "password");
        await OutputFile.WriteAsync(passwordFile, PasswordName, password, cancellationToken);
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres", _directory.FullName]), cancellationToken);
        }

        await RunAsync("initdb", ["-D", Data, "-U", Role, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--no-sync"], cancellationToken);
        File.Delete(passwordFile);
        var socket = OperatingSystem.IsWindows() ? string.Empty : $"-k {_directory.FullName} ";
        // Not given up halfway: a server that has begun to start would be left behind.
        await RunAsync(
            "pg_ctl", ["-D", Data, "-w", "-s", "-l", Path.Combine(_directory.FullName, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"{socket}-c listen_addresses=127.0.0.1 -p {port}"), "start"], CancellationToken.None);
    }
}
