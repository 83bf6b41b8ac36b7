using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.EndToEnd.Tests.Documents;

public sealed class ValidationTests
{
    private const string Document =
        """
        apiVersion: failback/v1
        kind: Campaign
        metadata: {name: return-to-east}
        spec: {strategy: teleport,
          targets: [hosts: {rack: r12}],
          waves:
            [{name: canary, ramp: {start: 1, factor: 0}}]}
        """;

    [Fact]
    public async Task The_command_line_and_the_coordinator_give_the_same_answer()
    {
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 600);
        var file = Path.Combine(cluster.Root, "campaign.yaml");
        await File.WriteAllTextAsync(file, Document, TestContext.Current.CancellationToken);

        var local = await FailbackCommand.RunAsync("campaign", "validate", file, "--output", "json");
        var remote = await cluster.Campaigns.ValidateCampaignAsync(new ValidateCampaignRequest { Document = new CampaignDocument { Text = Document, Source = file } });

        local.ExitCode.ShouldBe(2, local.Everything);
        remote.Errors.Count.ShouldBe(3);
        ValidateCampaignResponse.Parser.ParseJson(local.Output).ShouldBe(remote);
    }
}
