using System.Diagnostics;
using System.Reflection;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>The clients in <c>protos/examples</c>, run as their first lines say, against a coordinator and an agent in processes of their own.</summary>
public sealed class ExampleTests : IDisposable
{
    private const string Document = """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: example}
        spec:
          targets: [{hosts: {}}]
          strategy: initiate-failback
          limits: {campaign: 1}
          tolerance: {failures: 3, onBreach: pause}
          retry: {attempts: 1}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("failback-example-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Python_client_follows_a_campaign_over_the_death_of_the_coordinator_and_tells_what_failed()
    {
        var generated = await GenerateAsync();
        var estate = EstateGenerator.Generate(hosts: 1, virtualMachinesPerHost: 5, seed: 5);
        var host = estate.Hosts[0];
        var broken = host.VirtualMachines[^1] with { Faults = [new JobEndsFault { JobState = HyperV.Jobs.JobState.Exception, ErrorCode = 32768 }] };
        await using var cluster = await Cluster.StartAsync(estate with { Hosts = [host with { VirtualMachines = [.. host.VirtualMachines.SkipLast(1), broken] }] }, speed: 300);
        var audit = Path.Combine(_directory.FullName, "audit.jsonl");
        using var client = Start(generated, cluster, cluster.OperatorFiles, await WriteAsync(Document), "--audit", audit);
        var errors = client.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var lines = new List<string>();
            var died = false;
            while (await client.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add(line);
                if (!died && line.Contains(": 1 of 5 home", StringComparison.Ordinal))
                {
                    died = true;
                    await cluster.Coordinator.KillAsync();
                    await cluster.Coordinator.StartAgainAsync();
                }
            }

            await client.WaitForExitAsync(patience.Token);
            var everything = string.Join('\n', lines) + await errors;
            everything.ShouldNotContain("Traceback");
            client.ExitCode.ShouldBe(1, everything);
            (await errors).ShouldContain("The coordinator is unavailable");
            lines[^2].ShouldBe("CAMPAIGN_STATE_COMPLETED_WITH_FAILURES: 4 of 5 home, 1 failed", everything);
            lines[^1].ShouldStartWith($"{broken.Name} on {host.Name}: ITEM_STATE_FAILED ", Case.Sensitive, everything);
        }
        catch (OperationCanceledException exception)
        {
            client.Kill();
            throw new TimeoutException($"The client did not end within {Patience}: {await errors}", exception);
        }

        var verified = await FailbackCommand.RunAsync("audit", "verify", audit);
        verified.ExitCode.ShouldBe(0, verified.Everything);
        (await cluster.CountInitiationsAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Python_client_tells_every_error_of_a_document_and_what_a_viewer_may_not()
    {
        var generated = await GenerateAsync();
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 600);
        var invalid = await WriteAsync(Document.Replace("campaign: 1", "campaign: 0", StringComparison.Ordinal).Replace("failures: 3", "failures: -3", StringComparison.Ordinal));

        var document = await EndAsync(Start(generated, cluster, cluster.OperatorFiles, invalid));
        var viewer = await EndAsync(Start(generated, cluster, cluster.Issue(PeerRole.Viewer, "wall"), invalid));

        document.ExitCode.ShouldBe(2, document.Error);
        document.Error.ShouldStartWith("INVALID_ARGUMENT INVALID_DOCUMENT (campaigns.hyperv): ");
        document.Error.ShouldContain("  spec.limits.campaign: ");
        document.Error.ShouldContain("  spec.tolerance.failures: ");
        viewer.ExitCode.ShouldBe(2, viewer.Error);
        viewer.Error.ShouldStartWith("PERMISSION_DENIED ROLE_NOT_ALLOWED ");
    }

    // As the README of the contracts tells to.
    private async Task<string> GenerateAsync()
    {
        var lack = await PythonPeer.FindLackAsync();
        Assert.SkipWhen(lack is not null, lack ?? "");
        var protos = Path.Combine(Repository.Root, "protos");
        var google = typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "GoogleApis").Value!;
        var files = Directory.EnumerateFiles(Path.Combine(protos, "hyperv"), "*.proto", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(protos, file));
        var start = new ProcessStartInfo(
            "protoc",
            [$"-I{protos}", $"-I{google}", $"--python_out={_directory.FullName}", "google/api/annotations.proto", "google/api/http.proto", "google/rpc/status.proto", "google/rpc/error_details.proto", .. files])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var generated = await EndAsync(Process.Start(start)!);
        generated.ExitCode.ShouldBe(0, generated.Error);
        return _directory.FullName;
    }

    private static Process Start(string generated, Cluster cluster, MutualTlsOptions files, string document, params string[] more)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [
                Path.Combine(Repository.Root, "protos", "examples", "python", "run_campaign.py"), document, "--address", cluster.Coordinator.Address.Authority,
                "--ca", files.AuthorityPath!, "--cert", files.CertificatePath!, "--key", files.PrivateKeyPath!, .. more,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PYTHONPATH"] = generated;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    private static async Task<(int ExitCode, string Error)> EndAsync(Process started)
    {
        using var process = started;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            await output;
            return (process.ExitCode, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private async Task<string> WriteAsync(string document)
    {
        var file = Path.Combine(_directory.FullName, "example.yaml");
        await File.WriteAllTextAsync(file, document, TestContext.Current.CancellationToken);
        return file;
    }
}
