using System.Diagnostics;
using System.Text.Json;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>The Python client beside this file, run as an operator's script would be: plain grpcio, contracts compiled on the spot.</summary>
internal sealed class PythonPeer(Uri agent, MutualTlsOptions files)
{
    private const string Interpreter = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What this machine lacks for it; null when nothing.</summary>
    public static async Task<string?> FindLackAsync()
    {
        if (!File.Exists(Interpreter))
        {
            return $"there is no {Interpreter}";
        }

        if (await RunAsync(Interpreter, ["-c", "import grpc, google.protobuf"]) is { ExitCode: not 0 } imports)
        {
            return $"{Interpreter} lacks grpcio or protobuf (Debian: python3-grpcio python3-protobuf): {imports.Error.Trim()}";
        }

        try
        {
            return await RunAsync("protoc", ["--version"]) is { ExitCode: not 0 } protoc ? $"protoc does not run: {protoc.Error}" : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "there is no protoc (Debian: protobuf-compiler)";
        }
    }

    /// <summary>Runs one command of the client to its end.</summary>
    public Task<PythonPeerResult> RunAsync(params string[] command) => RunAsync(
        Interpreter,
        [
            Path.Combine(Repository.Root, "tests", "EndToEnd.Tests", "Peers", "python", "failback_client.py"),
            "--address", agent.Authority, "--ca", files.AuthorityPath!, "--cert", files.CertificatePath!, "--key", files.PrivateKeyPath!,
            "--timeout", "60", .. command,
        ]);

    private static async Task<PythonPeerResult> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill();
            throw new TimeoutException($"'{program} {string.Join(' ', arguments)}' did not end within {Patience}:\n{await output}\n{await error}", exception);
        }

        return new PythonPeerResult(process.ExitCode, await output, await error);
    }
}

/// <summary>What a run of the Python client left behind.</summary>
internal sealed record PythonPeerResult(int ExitCode, string Output, string Error)
{
    /// <summary>Its output, one JSON object a line.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>All of it, for a failing test to show.</summary>
    public string Everything => $"exit code {ExitCode}\n{Output}\n{Error}";
}
