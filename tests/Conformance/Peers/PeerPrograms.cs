using System.ComponentModel;
using System.Diagnostics;

namespace HostAgent.Conformance.Peers;

/// <summary>Looks for what the peers need on this machine. README.md says how to install it.</summary>
internal static class PeerPrograms
{
    private const string NodeModulesVariable = "CONFORMANCE_NODE_MODULES";
    private const string GoPeerVariable = "CONFORMANCE_GO_PEER";

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> NoEnvironment = [];

    public static async Task<PeerProgram> FindAsync(PeerKind peer) => peer switch
    {
        PeerKind.Python => await FindPythonAsync(),
        PeerKind.Node => await FindNodeAsync(),
        _ => FindGo(),
    };

    private static async Task<PeerProgram> FindPythonAsync()
    {
        // Debian's packages belong to its own interpreter, which need not be the first one on the path.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var missing = await FailureAsync(python, "-c", "import grpc, google.protobuf") ?? await FailureAsync("protoc", "--version");
        return new PeerProgram(
            python,
            Path.Combine(PeerProgram.SourceDirectory, "peers", "python", "peer.py"),
            new Dictionary<string, string> { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            missing is null ? null : $"the grpcio peer needs python3-grpcio, python3-protobuf and protobuf-compiler: {missing}");
    }

    private static async Task<PeerProgram> FindNodeAsync()
    {
        var folder = Path.Combine(PeerProgram.SourceDirectory, "peers", "node");
        var modules = Environment.GetEnvironmentVariable(NodeModulesVariable) ?? Path.Combine(folder, "node_modules");
        var missing = Directory.Exists(Path.Combine(modules, "@grpc", "grpc-js")) && Directory.Exists(Path.Combine(modules, "@grpc", "proto-loader"))
            ? await FailureAsync("node", "--version")
            : $"'{modules}' has them not; {NodeModulesVariable} names another folder";
        return new PeerProgram(
            "node",
            Path.Combine(folder, "peer.js"),
            new Dictionary<string, string> { ["NODE_PATH"] = modules },
            missing is null ? null : $"the grpc-js peer needs node and the npm packages @grpc/grpc-js and @grpc/proto-loader: {missing}");
    }

    private static PeerProgram FindGo()
    {
        var program = Environment.GetEnvironmentVariable(GoPeerVariable);
        var missing = program is null ? $"{GoPeerVariable} is not set" : File.Exists(program) ? null : $"{GoPeerVariable} is '{program}', which does not exist";
        return new PeerProgram(program ?? "", null, NoEnvironment, missing is null ? null : $"the grpc-go peer is built by peers/go/build: {missing}");
    }

    /// <summary>Runs a program that must succeed; what went wrong otherwise.</summary>
    private static async Task<string?> FailureAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            using var patience = new CancellationTokenSource(ProbePatience);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? null : $"'{program} {string.Join(' ', arguments)}' says {(await error).Trim().Split('\n')[^1]}";
        }
        catch (Win32Exception absent)
        {
            return $"'{program}' cannot be started ({absent.Message})";
        }
    }
}
