using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Wire;

/// <summary>The Python example of the contracts' README, on the bytes of a real error. It needs nothing but an interpreter.</summary>
public sealed class ErrorDetailsExampleTests : CoordinatorTest
{
    private const string Interpreter = "/usr/bin/python3";

    [Fact]
    public async Task The_example_reads_reason_domain_and_metadata()
    {
        Assert.SkipUnless(File.Exists(Interpreter), $"there is no {Interpreter}");
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var error = await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/größe" }).ResponseAsync);
        var unknown = await Should.ThrowAsync<RpcException>(() => Coordinator.Campaigns.GetCampaignAsync(new GetCampaignRequest { Name = "campaigns/none" }).ResponseAsync);

        (await ReadAsync(error))[0].GetString().ShouldBe("INVALID_REQUEST");
        var info = await ReadAsync(unknown);
        (info[0].GetString(), info[1].GetString()).ShouldBe(("CAMPAIGN_NOT_FOUND", "campaigns.hyperv"));
        info[2].GetProperty("campaign").GetString().ShouldBe("campaigns/none");
    }

    private static async Task<JsonElement> ReadAsync(RpcException error)
    {
        var readme = (await File.ReadAllTextAsync(Path.Combine(Here(), "..", "..", "..", "protos", "README.md"))).ReplaceLineEndings("\n");
        var example = readme.Split("```python\n")[1].Split("```")[0];
        var start = new ProcessStartInfo(Interpreter, ["-", Convert.ToBase64String(error.Trailers.GetValueBytes("grpc-status-details-bin")!)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var python = Process.Start(start)!;
        await python.StandardInput.WriteAsync(example + "\nimport base64, json, sys\nprint(json.dumps(error_info(base64.b64decode(sys.argv[1]))))\n");
        python.StandardInput.Close();
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync().WaitAsync(Limits.Patience);
        python.ExitCode.ShouldBe(0, await errors);
        return JsonDocument.Parse(await output).RootElement;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
