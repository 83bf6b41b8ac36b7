using System.Text.Json;
using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Campaign;

public sealed class StuckTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task Only_what_waits_for_a_person_is_listed_with_its_act()
    {
        Answer(
            new WaitReason { Code = "GATE", Subject = "rest", Explanation = "Wave rest waits for approval.", Act = "failback campaign approve return-to-east rest", Count = 4, NeedsPerson = true },
            new WaitReason { Code = "LIMIT", Subject = "host", Explanation = "The host is full.", Count = 2 });

        (await _failback.RunAsync("campaign", "list", "--stuck")).ShouldBe(ExitCode.Failed);
        _failback.OutputLines.Count.ShouldBe(2);
        _failback.OutputLines[1].ShouldContain("4 GATE (rest)");
        _failback.OutputLines[1].ShouldEndWith("failback campaign approve return-to-east rest");
    }

    [Fact]
    public async Task Nothing_stuck_is_said_in_words_and_ends_with_zero()
    {
        Answer(new WaitReason { Code = "LIMIT", Count = 2 });

        (await _failback.RunAsync("campaign", "list", "--stuck")).ShouldBe(ExitCode.Success);
        _failback.Output.Trim().ShouldBe("No campaign waits for a person.");
    }

    [Fact]
    public async Task An_unknown_outcome_waits_for_a_person_even_where_all_else_has_ended()
    {
        Answer();
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ =>
        {
            var campaign = Some.Campaign();
            campaign.Counts.UnknownOutcome = 3;
            return new ListCampaignsResponse { Campaigns = { campaign } };
        });

        (await _failback.RunAsync("campaign", "list", "--stuck")).ShouldBe(ExitCode.Failed);
        _failback.OutputLines[1].ShouldEndWith("failback campaign show return-to-east --items --state UNKNOWN_OUTCOME");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("yaml")]
    public async Task Programs_get_campaign_and_waits(string format)
    {
        Answer(new WaitReason { Code = "GATE", Count = 4, NeedsPerson = true });

        await _failback.RunAsync("campaign", "list", "--stuck", "-o", format);
        if (format == "json")
        {
            JsonDocument.Parse(_failback.Output).RootElement.GetProperty("stuck")[0].GetProperty("waits").GetProperty("reasons")[0].GetProperty("code").GetString().ShouldBe("GATE");
        }

        _failback.Output.ShouldContain("return-to-east");
    }

    private void Answer(params WaitReason[] reasons)
    {
        coordinator.Campaigns.Reset();
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse { Campaigns = { Some.Campaign() } });
        coordinator.Campaigns.On<ExplainCampaignRequest, ExplainCampaignResponse>(_ => new ExplainCampaignResponse { Reasons = { reasons } });
    }
}
