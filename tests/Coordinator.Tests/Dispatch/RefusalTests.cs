using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Dispatch;

public sealed class RefusalTests : CoordinatorTest
{
    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "QUEUE_FULL", RetryClass.BackOff)]
    [InlineData(StatusCode.Unavailable, "DRAINING", RetryClass.BackOff)]
    [InlineData(StatusCode.FailedPrecondition, "OPERATION_IN_PROGRESS", RetryClass.BackOff)]
    [InlineData(StatusCode.FailedPrecondition, "NOT_READY", RetryClass.NotReady)]
    public async Task A_refusal_that_may_pass_is_tried_again_under_a_new_operation(StatusCode status, string reason, RetryClass retryClass)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => agent.Calls.Count < 3 ? Refusal(status, reason, "not now", retryClass) : null;

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").Attempt.ShouldBe(3);
        agent.Calls.Select(call => call.OperationId).Distinct().Count().ShouldBe(3);
        agent.Initiations.ShouldBe(1);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "VIRTUAL_MACHINE_NOT_FOUND")]
    [InlineData(StatusCode.FailedPrecondition, "RECOVERY_POINT_GONE")]
    [InlineData(StatusCode.PermissionDenied, "ACCESS_DENIED")]
    [InlineData(StatusCode.Unimplemented, "PLATFORM_NOT_SUPPORTED")]
    public async Task A_refusal_that_stays_fails_the_item_with_its_reason(StatusCode status, string reason)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => Refusal(status, reason, "never", RetryClass.Never);

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.CompletedWithFailures);
        end.Item("vm-1").State.ShouldBe(ItemState.Failed);
        end.Item("vm-1").FailureReason.ShouldBe(reason);
        agent.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("SYSTEM_IN_USE", RetryClass.BackOff, 2)]
    [InlineData("TIMEOUT", RetryClass.RereadState, 2)]
    [InlineData("FAILED", RetryClass.FailedJob, 1)]
    [InlineData("INVALID_PARAMETER", RetryClass.Never, 1)]
    public async Task A_failed_operation_is_tried_again_by_its_class(string reason, RetryClass retryClass, int attempts)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = operation =>
        {
            if (agent.Operations.Count > 1)
            {
                return false;
            }

            operation.Fail(reason, retryClass);
            return true;
        };

        var end = await RunAsync();

        end.Item("vm-1").Attempt.ShouldBe(attempts);
        end.Item("vm-1").State.ShouldBe(attempts == 1 ? ItemState.Failed : ItemState.Succeeded);
    }

    [Fact]
    public async Task A_machine_in_an_invalid_state_that_turns_out_to_be_failed_back_has_succeeded()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Holds = operation =>
        {
            agent.Machines[0].ReplicationState = ReplicationState.FailbackComplete;
            operation.Fail("INVALID_STATE", RetryClass.InvalidState);
            return true;
        };

        var end = await RunAsync();

        end.Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task An_unexpected_failure_of_the_agent_repeats_the_same_operation()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => agent.Calls.Count < 3 ? throw new InvalidOperationException("a bug of the agent") : null;

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").Attempt.ShouldBe(1);
        agent.Calls.Select(call => call.OperationId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_agent_that_has_seen_a_higher_epoch_blocks_the_campaign_until_it_accepts_the_next_one()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = request => request.Campaign.Epoch < 3 ? new RpcFailure(StatusCode.FailedPrecondition, "STALE_EPOCH", "epoch 3 has been seen") : null;

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").Attempt.ShouldBe(1);
        agent.Calls.Select(call => call.Campaign.Epoch).ShouldBe([1, 2, 3]);
        agent.Calls.Select(call => call.OperationId).Distinct().ShouldHaveSingleItem();
        end.Updates.ShouldContain(update => update.Campaign != null && update.Campaign.State == CampaignState.Blocked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_campaign_whose_agents_refuse_this_coordinator_is_blocked_with_a_sentence_and_can_be_stopped(bool atTheClaim)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2");
        var refusal = new RpcFailure(StatusCode.FailedPrecondition, "CAMPAIGN_OWNED", "the campaign was claimed by failback://coordinator/other");
        agent.RefusesClaim = _ => atTheClaim ? refusal : null;
        agent.Refuses = _ => atTheClaim ? null : refusal;
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: ["tolerance: {failures: 10}", "limits: {campaign: 1}"]));

        var blocked = (await Coordinator.WatchAsync(campaign.Name, seen => seen.Campaign.State == CampaignState.Blocked, "the block")).Campaign;
        blocked.PauseCause.ShouldBe(PauseCause.Ownership);
        blocked.Explanation.ShouldContain("hv-west-01 rejects this coordinator: the campaign was claimed by failback://coordinator/other");
        await Coordinator.Campaigns.StopCampaignAsync(new StopCampaignRequest { Name = campaign.Name });

        var end = await Coordinator.WatchToEndAsync(campaign.Name);
        end.Campaign.State.ShouldBe(CampaignState.Stopped);
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_agent_has_said_where_its_journal_stands()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");

        await RunAsync();

        var claim = agent.Claims.ShouldHaveSingleItem();
        claim.Epoch.ShouldBe(1);
        var call = agent.Calls.ShouldHaveSingleItem();
        call.SentBefore.ShouldBeNull("it was the first time");
        call.Campaign.CoordinatorInstance.ShouldBe(claim.CoordinatorInstance);
    }

    [Fact]
    public async Task A_repetition_says_where_the_journal_stood_before_the_first_sending()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => agent.Calls.Count < 2 ? throw new InvalidOperationException("the answer is lost") : null;

        await RunAsync();

        var calls = agent.Calls.ToList();
        calls[0].SentBefore.ShouldBeNull();
        (calls[1].SentBefore.JournalId, calls[1].SentBefore.Commits).ShouldBe((agent.JournalId.ToString("D"), 1));
        Guid.Parse(calls[1].SentBefore.ClaimToken).ShouldNotBe(Guid.Empty);
        // The agent is told again who asks, and what it answered the first time still counts. A repetition that is overtaken by the next one may have claimed and not called.
        agent.Claims.Count.ShouldBeGreaterThanOrEqualTo(calls.Count);
        agent.Claims.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_journal_that_was_replaced_leaves_the_outcome_unknown_and_starts_nothing_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => agent.Calls.Count < 2
            ? throw new InvalidOperationException("the answer is lost")
            : new RpcFailure(StatusCode.FailedPrecondition, "JOURNAL_LOST", "the journal was replaced");

        var end = await RunAsync();

        var item = end.Item("vm-1");
        item.State.ShouldBe(ItemState.UnknownOutcome);
        item.FailureReason.ShouldBe("JOURNAL_LOST");
        item.Explanation.ShouldContain("the journal was replaced");
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task A_machine_that_somebody_else_took_home_has_succeeded_with_that_note()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Machines[0].ReplicationState = ReplicationState.FailbackComplete;
        agent.Refuses = _ => Refusal(StatusCode.FailedPrecondition, "ALREADY_FAILED_BACK", "vm-1 has been failed back already", RetryClass.RereadState);

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").State.ShouldBe(ItemState.Succeeded);
        end.Item("vm-1").Explanation.ShouldStartWith("Already done:");
    }

    private async Task<Watched> RunAsync()
    {
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "tolerance: {failures: 10}"));
        return await Coordinator.WatchToEndAsync(campaign.Name);
    }

    /// <summary>A refusal as an agent sends it: with the class that it has decided.</summary>
    private static RpcFailure Refusal(StatusCode status, string reason, string message, RetryClass retryClass)
        => new(status, reason, message) { Metadata = new Dictionary<string, string> { ["retry_class"] = retryClass.ToString() } };
}
