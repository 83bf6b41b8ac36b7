using System.Diagnostics;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.Tests.Shared.Processes;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>The clients in <c>protos/examples</c>, run as their first lines say, against a coordinator and an agent in processes of their own.</summary>
public sealed class ExampleTests(ExampleClients clients) : IClassFixture<ExampleClients>, IDisposable
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

    [Theory]
    [InlineData("python")]
    [InlineData("go")]
    [InlineData("csharp")]
    public async Task Client_follows_a_campaign_over_the_death_of_the_coordinator_and_tells_what_failed(string language)
    {
        await clients.MakeAsync(language, []);
        var estate = EstateGenerator.Generate(hosts: 1, virtualMachinesPerHost: 5, seed: 5);
        var host = estate.Hosts[0];
        var broken = host.VirtualMachines[^1] with { Faults = [new JobEndsFault { JobState = HyperV.Jobs.JobState.Exception, ErrorCode = 32768 }] };
        await using var cluster = await Cluster.StartAsync(estate with { Hosts = [host with { VirtualMachines = [.. host.VirtualMachines.SkipLast(1), broken] }] }, speed: 300);
        var audit = Path.Combine(_directory.FullName, "audit.jsonl");
        using var client = await StartAsync(language, cluster, cluster.OperatorFiles, await WriteAsync(Document), language == "python" ? ["--audit", audit] : []);
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
            everything.ShouldNotContain("Unhandled exception");
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

        if (language == "python")
        {
            var verified = await FailbackCommand.RunAsync("audit", "verify", audit);
            verified.ExitCode.ShouldBe(0, verified.Everything);
        }

        (await cluster.CountInitiationsAsync()).ShouldBe(5);
    }

    [Theory]
    [InlineData("python", "INVALID_ARGUMENT", "PERMISSION_DENIED")]
    [InlineData("go", "InvalidArgument", "PermissionDenied")]
    [InlineData("csharp", "InvalidArgument", "PermissionDenied")]
    public async Task Client_tells_every_error_of_a_document_and_what_a_viewer_may_not(string language, string invalidArgument, string permissionDenied)
    {
        await clients.MakeAsync(language, []);
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 600);
        var invalid = await WriteAsync(Document.Replace("campaign: 1", "campaign: 0", StringComparison.Ordinal).Replace("failures: 3", "failures: -3", StringComparison.Ordinal));

        var document = await EndAsync(await StartAsync(language, cluster, cluster.OperatorFiles, invalid));
        var viewer = await EndAsync(await StartAsync(language, cluster, cluster.Issue(PeerRole.Viewer, "wall"), invalid));

        document.ExitCode.ShouldBe(2, document.Error);
        document.Error.ShouldStartWith($"{invalidArgument} INVALID_DOCUMENT (campaigns.hyperv): ");
        document.Error.ShouldContain("  spec.limits.campaign: ");
        document.Error.ShouldContain("  spec.tolerance.failures: ");
        viewer.ExitCode.ShouldBe(2, viewer.Error);
        viewer.Error.ShouldStartWith($"{permissionDenied} ROLE_NOT_ALLOWED ");
    }

    private async Task<Process> StartAsync(string language, Cluster cluster, MutualTlsOptions files, string document, params string[] more)
        => Process.Start(await clients.MakeAsync(
            language,
            ["--address", cluster.Coordinator.Address.Authority, "--ca", files.AuthorityPath!, "--cert", files.CertificatePath!, "--key", files.PrivateKeyPath!, .. more, document]))!;

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
