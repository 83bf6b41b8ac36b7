using System.Diagnostics;
using System.Reflection;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>The clients in <c>protos/examples</c>, made once each, as the README of the contracts tells to.</summary>
public sealed class ExampleClients : IDisposable
{
    private const string DebianPackages = "/usr/share/gocode";

    private static readonly string[] GoPrograms = ["go", "protoc", "protoc-gen-go"];
    private static readonly string[] GoPackages = ["google.golang.org/grpc", "google.golang.org/genproto/googleapis/api/annotations", "github.com/golang/protobuf"];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failback-example-");
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, ProcessStartInfo> _made = new(StringComparer.Ordinal);

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Protos => Path.Combine(Repository.Root, "protos");

    private static string GoogleApis => typeof(ExampleClients).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "GoogleApis").Value!;

    /// <summary>Makes a client. The test is skipped where its language is absent.</summary>
    /// <returns>How it is started; the arguments are the client's own.</returns>
    public async Task<ProcessStartInfo> MakeAsync(string language, IEnumerable<string> arguments)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_made.TryGetValue(language, out var program))
            {
                _made[language] = program = language switch
                {
                    "python" => await PythonAsync(),
                    "go" => await GoAsync(),
                    _ => new ProcessStartInfo(Path.Combine(Protos, "examples", "csharp", "bin", Configuration, "net10.0", OperatingSystem.IsWindows() ? "HostAgent.RunCampaign.exe" : "HostAgent.RunCampaign")),
                };
            }

            var start = new ProcessStartInfo(program.FileName, [.. program.ArgumentList, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var (name, value) in program.Environment)
            {
                start.Environment[name] = value;
            }

            return start;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _turn.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<ProcessStartInfo> PythonAsync()
    {
        var lack = await PythonPeer.FindLackAsync();
        Assert.SkipWhen(lack is not null, lack ?? "");
        var generated = _directory.CreateSubdirectory("python").FullName;
        await RunAsync(Protos, "protoc", [$"-I{Protos}", $"-I{GoogleApis}", $"--python_out={generated}", "google/api/annotations.proto", "google/api/http.proto", "google/rpc/status.proto", "google/rpc/error_details.proto", .. Contracts()]);
        return new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Protos, "examples", "python", "run_campaign.py")]) { Environment = { ["PYTHONPATH"] = generated, ["PYTHONDONTWRITEBYTECODE"] = "1" } };
    }

    // With the packages of Debian, whose generator of messages is older than optional fields: the messages are the same on the wire without the word.
    private async Task<ProcessStartInfo> GoAsync()
    {
        var lack = GoPrograms.FirstOrDefault(program => !IsOnPath(program)) ?? GoPackages.FirstOrDefault(package => !Directory.Exists(Path.Combine(DebianPackages, "src", package)));
        Assert.SkipWhen(lack is not null, $"there is no {lack} (Debian: golang-go golang-google-grpc-dev golang-goprotobuf-dev protobuf-compiler)");
        var work = _directory.CreateSubdirectory("go");
        var (protos, sources) = (work.CreateSubdirectory("protos").FullName, work.CreateSubdirectory("src"));
        foreach (var contract in Contracts())
        {
            var copy = Path.Combine(protos, contract);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllTextAsync(copy, (await File.ReadAllTextAsync(Path.Combine(Protos, contract))).Replace("  optional ", "  ", StringComparison.Ordinal));
        }

        string[] packages =
        [
            "google/api/annotations.proto=google.golang.org/genproto/googleapis/api/annotations", "google/protobuf/duration.proto=github.com/golang/protobuf/ptypes/duration",
            "google/protobuf/timestamp.proto=github.com/golang/protobuf/ptypes/timestamp", "google/protobuf/empty.proto=github.com/golang/protobuf/ptypes/empty",
        ];
        foreach (var package in Contracts().GroupBy(Path.GetDirectoryName))
        {
            await RunAsync(protos, "protoc", [$"-I{protos}", $"-I{GoogleApis}", $"--go_out=plugins=grpc,M{string.Join(",M", packages)}:{sources.FullName}", .. package]);
        }

        var program = Path.Combine(work.FullName, "run_campaign");
        var own = sources.CreateSubdirectory("run_campaign").FullName;
        File.Copy(Path.Combine(Protos, "examples", "go", "main.go"), Path.Combine(own, "main.go"));
        foreach (string[] command in (string[][])[["vet", "."], ["build", "-o", program, "."]])
        {
            await RunAsync(own, "go", command, ("GO111MODULE", "off"), ("GOPATH", $"{work.FullName}:{DebianPackages}"), ("GOFLAGS", "-buildvcs=false"));
        }

        return new ProcessStartInfo(program);
    }

    private static bool IsOnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));

    private static List<string> Contracts()
        => [.. Directory.EnumerateFiles(Path.Combine(Protos, "hyperv"), "*.proto", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Protos, file)).Order(StringComparer.Ordinal)];

    private static async Task RunAsync(string directory, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program}: {await output}{await errors}");
    }
}
