using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Runs;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Runs;

/// <summary>A caller whose commands change nothing, over and over: the audit is kept for ever and must not grow by them.</summary>
public sealed class CountedCommandsTests : CoordinatorTest
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private static readonly RpcFailure Refusal = new(StatusCode.FailedPrecondition, "CAMPAIGN_STATE", "it has ended");

    private readonly CommandAudit _audit = new();

    [Fact]
    public void One_by_one_up_to_the_burst_then_one_now_and_then_with_the_number_of_those_between()
    {
        Repeat("ann", CommandAudit.Burst).ShouldBe(CommandAudit.Burst);
        Repeat("ann", 250).ShouldBe(0);

        var later = _audit.Of(Start + CommandAudit.Pace, Command("ann"), Refusal, isChange: false);
        later.Select(entry => (entry.Action, entry.Result, entry.Details)).ShouldBe(
            [("commands-counted", "OK", """{"count":250}"""), ("PauseCampaign", "FAILED_PRECONDITION CAMPAIGN_STATE", later[^1].Details)]);
        _audit.Of(Start + CommandAudit.Pace, Command("ann"), Refusal, isChange: false).ShouldBeEmpty();
    }

    [Fact]
    public void Changes_are_always_recorded_and_other_callers_have_an_account_of_their_own()
    {
        Repeat("ann", CommandAudit.Burst + 1);

        _audit.Of(Start, Command("ann"), refusal: null, isChange: true).ShouldHaveSingleItem().Result.ShouldBe("OK");
        _audit.Of(Start, Command("ann"), refusal: null, isChange: false).ShouldBeEmpty("it was so already");
        _audit.Of(Start, Command("ben"), Refusal, isChange: false).ShouldHaveSingleItem();
    }

    [Fact]
    public void Account_is_whole_again_after_a_while()
    {
        Repeat("ann", CommandAudit.Burst * 2);

        Repeat("ann", CommandAudit.Burst * 2, after: CommandAudit.Pace * CommandAudit.Burst).ShouldBe(CommandAudit.Burst + 1, "one of them stands for those before");
    }

    [Fact]
    public async Task Loop_that_goes_wrong_is_answered_each_time_and_leaves_a_bounded_audit()
    {
        await AddAgentAsync("hv-west-01", "vm-1");
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAsync(Yaml.Campaign());

        for (var call = 0; call < CommandAudit.Burst * 3; call++)
        {
            var failure = await Should.ThrowAsync<RpcException>(
                async () => await Coordinator.Campaigns.PauseCampaignAsync(new PauseCampaignRequest { Name = campaign.Name, Reason = new string('x', 900) }));
            failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        }

        await Coordinator.Campaigns.StartCampaignAsync(new StartCampaignRequest { Name = campaign.Name });
        var audit = await Coordinator.AuditAsync(campaign.Name);
        audit.Count(record => record.Action == "PauseCampaign").ShouldBeInRange(CommandAudit.Burst, CommandAudit.Burst * 2);
        audit.ShouldContain(record => record.Action == "StartCampaign" && record.Result == "OK");
    }

    private int Repeat(string caller, int times, TimeSpan after = default)
        => Enumerable.Range(0, times).Sum(_ => _audit.Of(Start + after, Command(caller), Refusal, isChange: false).Count);

    private static CommandOrigin Command(string caller)
        => new(new Caller(caller, $"failback://operator/{caller}#serial=01", "127.0.0.1:1"), "PauseCampaign", "campaigns/c", new PauseCampaignRequest { Name = "campaigns/c" });
}
