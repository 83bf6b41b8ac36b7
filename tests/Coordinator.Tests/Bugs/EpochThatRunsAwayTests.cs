using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>
/// A campaign's epoch rose with every refusal, also where a higher one changes nothing: after a night on a copied store it was so far above what the agents had seen
/// that they would have obeyed none of it ever again.
/// </summary>
public sealed class EpochThatRunsAwayTests : CoordinatorTest
{
    private const int Refusals = 6;

    [Theory]
    [InlineData("CAMPAIGN_OWNED", 1)]
    [InlineData("EPOCH_JUMP", 1)]
    // The other process holds epoch 1: one above it is enough, and is obeyed when that one has gone.
    [InlineData("CAMPAIGN_CLAIMED_TWICE", 2)]
    [InlineData("STALE_EPOCH", Refusals + 1)]
    public async Task Epoch_rises_only_while_a_higher_one_may_be_obeyed(string reason, long epoch)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        var refusal = new RpcFailure(StatusCode.FailedPrecondition, reason, "not this coordinator") { Metadata = new Dictionary<string, string> { ["highest_epoch"] = Highest(reason).ToString(CultureInfo.InvariantCulture) } };
        agent.RefusesClaim = _ => agent.Claims.Count <= Refusals ? refusal : null;

        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "tolerance: {failures: 10}"));
        var end = await Coordinator.WatchToEndAsync(campaign.Name);

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        agent.Claims.Count.ShouldBe(Refusals + 1);
        agent.Claims.Last().Epoch.ShouldBe(epoch);
        agent.Initiations.ShouldBe(1);
    }

    private static long Highest(string reason) => reason == "STALE_EPOCH" ? Refusals + 1 : 1;
}
