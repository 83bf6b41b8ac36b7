using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;

namespace HostAgent.Cli.Tests.Commands.Client;

/// <summary>What the program offers to a shell; the scripts themselves are run by real shells in the tests of the program.</summary>
public sealed class CompletionTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Theory]
    [InlineData("camp", "campaign")]
    [InlineData("campaign exp", "explain")]
    [InlineData("campaign list --output ", "json", "table", "text", "yaml")]
    [InlineData("campaign list --state PAUS", "PAUSED")]
    public async Task Words_are_offered(string line, params string[] expected)
    {
        await SuggestAsync(line);
        foreach (var word in expected)
        {
            _failback.OutputLines.ShouldContain(word);
        }
    }

    [Fact]
    public async Task Names_are_asked_of_the_coordinator()
    {
        var answer = new ListCampaignsResponse();
        answer.Campaigns.Add(Some.Campaign());
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => answer);
        coordinator.Hosts.List = _ => new ListHostsResponse { Hosts = { new ManagedHost { Name = "hosts/hv-west-01" } } };

        await SuggestAsync("campaign show ret");
        _failback.OutputLines.ShouldBe(["return-to-east"]);
        await SuggestAsync("host show hv");
        _failback.OutputLines.ShouldContain("hv-west-01");
    }

    [Fact]
    public async Task Help_asks_nobody_and_shows_no_name_in_the_place_of_an_argument()
    {
        coordinator.Campaigns.On<ListCampaignsRequest, ListCampaignsResponse>(_ => new ListCampaignsResponse { Campaigns = { Some.Campaign() } });

        foreach (var command in (string[][])[["campaign", "cancel"], ["campaign", "show"], ["host", "show"], ["notify", "test"], ["reasons"]])
        {
            (await _failback.RunAsync([.. command, "--help"])).ShouldBe(ExitCode.Success);
            _failback.Output.ShouldNotContain("return-to-east>", Case.Sensitive, string.Join(' ', command));
        }

        coordinator.Campaigns.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_coordinator_that_is_away_leaves_the_other_words()
    {
        _failback.Environment["FAILBACK_COORDINATOR"] = "https://127.0.0.1:1";

        await SuggestAsync("campaign show --it");
        _failback.OutputLines.ShouldBe(["--item", "--items"]);
        _failback.Error.ShouldBeEmpty();
    }

    private async Task SuggestAsync(string line) => (await _failback.RunAsync($"[suggest:{line.Length}]", line)).ShouldBe(ExitCode.Success, _failback.Error);
}
