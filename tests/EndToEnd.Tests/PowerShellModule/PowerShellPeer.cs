using System.Diagnostics;
using System.Text.Json;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests.PowerShellModule;

/// <summary>PowerShell 7 as people have it, with the module Failback and the program just built.</summary>
internal static class PowerShellPeer
{
    public const string Missing = "PowerShell 7 (pwsh) is not installed: dotnet tool install PowerShell, or .ci/install-peers.";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    /// <summary>The program; null when there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("POWERSHELL_PEER") is { Length: > 0 } named && File.Exists(named)
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh")).FirstOrDefault(File.Exists);

    /// <summary>The module's folder.</summary>
    public static string Module { get; } = Path.Combine(Repository.Root, "deploy", "powershell", "Failback");

    /// <summary>Runs a script of this folder, with the module's path and the directory as its first arguments. The script throws what is not met.</summary>
    /// <param name="script">The script.</param>
    /// <param name="directory">Where it may write.</param>
    /// <param name="cluster">The coordinator that the program is to reach; null for none.</param>
    public static async Task RunAsync(string script, string directory, Cluster? cluster)
    {
        var start = new ProcessStartInfo(Program!, ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "PowerShellModule", script), Module, directory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        // Neither the updates nor the profile of whoever runs the tests.
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["HOME"] = directory;
        start.Environment["FAILBACK_PROGRAM"] = StartScript(directory);
        if (cluster is not null)
        {
            start.Environment["FAILBACK_CONTEXT"] = await ContextAsync(directory, cluster);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end within {Deadline}:\n{await output}\n{await error}", exception);
        }

        process.ExitCode.ShouldBe(0, $"{await output}\n{await error}");
        (await output).ShouldEndWith($"all met{Environment.NewLine}");
    }

    private static string StartScript(string directory)
    {
        var program = Path.Combine(directory, OperatingSystem.IsWindows() ? "failback.cmd" : "failback");
        var assembly = Path.Combine(AppContext.BaseDirectory, "failback.dll");
        File.WriteAllText(program, OperatingSystem.IsWindows() ? $"@dotnet \"{assembly}\" %*\r\n" : $"#!/bin/sh\nexec dotnet \"{assembly}\" \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return program;
    }

    private static async Task<string> ContextAsync(string directory, Cluster cluster)
    {
        var path = Path.Combine(directory, "context.json");
        var files = cluster.OperatorFiles;
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new
        {
            current = "lab",
            contexts = new
            {
                lab = new { coordinator = cluster.Coordinator.Address.GetLeftPart(UriPartial.Authority), certificate = files.CertificatePath, private_key = files.PrivateKeyPath, authority = files.AuthorityPath },
            },
        }));
        return path;
    }
}
