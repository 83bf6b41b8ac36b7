using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Dispatch;

public sealed class RefusalTests : CoordinatorTest
{
    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "QUEUE_FULL")]
    [InlineData(StatusCode.Unavailable, "DRAINING")]
    [InlineData(StatusCode.FailedPrecondition, "OPERATION_IN_PROGRESS")]
    [InlineData(StatusCode.FailedPrecondition, "NOT_READY")]
    public async Task A_refusal_that_may_pass_is_tried_again_under_a_new_operation(StatusCode status, string reason)
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = _ => agent.Calls.Count < 3 ? new RpcFailure(status, reason, "not now") : null;

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
        agent.Refuses = _ => new RpcFailure(status, reason, "never");

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
            operation.Fail("INVALID_STATE", RetryClass.Never);
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
    public async Task An_agent_that_has_seen_a_newer_owner_makes_the_campaign_be_taken_over_again()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1");
        agent.Refuses = request => request.Campaign.Epoch < 4 ? new RpcFailure(StatusCode.FailedPrecondition, "STALE_EPOCH", "epoch 4 has been seen") : null;

        var end = await RunAsync();

        end.Campaign.State.ShouldBe(CampaignState.Completed);
        end.Item("vm-1").Attempt.ShouldBe(1);
        agent.Calls.Last().Campaign.Epoch.ShouldBe(4);
    }

    private async Task<Watched> RunAsync()
    {
        await StartCoordinatorAsync();
        var campaign = await Coordinator.CreateAndStartAsync(Yaml.Campaign(spec: "tolerance: {failures: 10}"));
        return await Coordinator.WatchToEndAsync(campaign.Name);
    }
}
