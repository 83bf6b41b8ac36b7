using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Bugs;

/// <summary>Notes under the sentence about a campaign were written as one text, so that their line ends were shown as what somebody had written: \u000A.</summary>
public sealed class BrokenLinesTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _failback.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("create", "FILE")]
    [InlineData("update", "return-to-east", "FILE")]
    public async Task Each_note_has_a_line_of_its_own(params string[] command)
    {
        var campaign = Some.Campaign(CampaignState.Ready);
        campaign.Warnings.Add(new PlanWarning { Message = "Host hv-west-03 could not be asked for its machines." });
        campaign.WarningsAcceptedBy = "alice";
        coordinator.Campaigns.On<CreateCampaignRequest, Campaign>(_ => campaign);
        coordinator.Campaigns.On<UpdateCampaignRequest, Campaign>(_ => campaign);
        var file = Path.Combine(_directory.Path, "campaign.yaml");
        await File.WriteAllTextAsync(file, "apiVersion: failback/v1\nkind: Campaign\nmetadata: {name: return-to-east}\nspec: {targets: [{hosts: {names: [\"*\"]}}], waves: [{name: rest}]}\n");

        (await _failback.RunAsync(["campaign", .. command.Select(word => word == "FILE" ? file : word)])).ShouldBe(ExitCode.Success, _failback.Error);
        _failback.Output.ShouldNotContain("\\u000A");
        _failback.OutputLines.ShouldContain("Accepted by alice.");
    }
}
