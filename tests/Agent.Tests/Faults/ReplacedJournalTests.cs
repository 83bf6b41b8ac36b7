using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.Transport;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>
/// A journal that is whole in itself and not the one of before: put back from a copy, or made afresh. Only the coordinator can know, and what
/// it remembers must keep the agent from a second initiation under the same operation id.
/// </summary>
public sealed class ReplacedJournalTests
{
    private static readonly Guid Campaign = Stage.Id(500);
    private readonly Guid _operation = Guid.NewGuid();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Operation_whose_job_failed_meanwhile_is_not_started_a_second_time(bool afresh)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new JobEndsFault { JobState = HyperV.Jobs.JobState.Exception, ErrorCode = 32768 })));
        var position = await ActAndReplaceAsync(agent, afresh);

        var again = await agent.Coordinator.InitiateAsync(Request(position));

        again.Failure.ShouldNotBeNull().Reason.ShouldBe("JOURNAL_LOST");
        again.Failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        agent.Initiations.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Operation_that_succeeded_meanwhile_is_refused_by_what_the_host_shows(bool afresh)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var position = await ActAndReplaceAsync(agent, afresh);

        var again = await agent.Coordinator.InitiateAsync(Request(position));

        again.Failure.ShouldNotBeNull().Reason.ShouldBe("JOURNAL_LOST");
        again.Failure.Message.ShouldContain("FailbackComplete");
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Repetition_that_finds_the_journal_of_then_is_started_since_it_never_arrived()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var position = await ClaimAsync(agent, 1);
        await agent.RestartAsync();

        (await agent.Coordinator.InitiateAsync(Request(position))).Last.State.ShouldBe(OperationState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_tells_an_operation_that_never_was_from_one_that_a_replaced_journal_lacks(bool afresh)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var position = await ActAndReplaceAsync(agent, afresh);
        var now = await ClaimAsync(agent, 1);

        var lost = await WatchAsync(agent, position);
        lost.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        lost.Reason.ShouldBe("JOURNAL_LOST");
        lost.Metadata["operation_id"].ShouldBe(_operation.ToString());
        (await WatchAsync(agent, now)).Reason.ShouldBe("OPERATION_NOT_FOUND");
        (await WatchAsync(agent, null)).Reason.ShouldBe("OPERATION_NOT_FOUND");
    }

    [Fact]
    public async Task Watch_names_what_is_wrong_in_the_position()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var refusal = await WatchAsync(agent, new JournalPosition { JournalId = "no UUID", Commits = -1 });

        refusal.Reason.ShouldBe("INVALID_REQUEST");
        refusal.Message.ShouldContain("sent_before.journal_id");
    }

    [Fact]
    public async Task Operation_that_was_never_sent_before_starts_on_a_replaced_journal()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await agent.StopAsync();
        Directory.Delete(agent.DataDirectory, recursive: true);
        await agent.StartAsync();

        (await agent.Coordinator.InitiateAsync(Request(null))).Last.State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task Claim_is_a_commit_of_its_own_even_when_it_says_nothing_new()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var first = await ClaimAsync(agent, 1);
        var second = await ClaimAsync(agent, 1);

        second.JournalId.ShouldBe(first.JournalId);
        second.Commits.ShouldBe(first.Commits + 1);
        second.ClaimToken.ShouldNotBe(first.ClaimToken);
        (await agent.Coordinator.GetHostAsync(new GetHostRequest())).Journal.Commits.ShouldBe(second.Commits);
    }

    [Fact]
    public async Task Fence_of_a_claim_survives_a_restart_and_its_refusal_says_who_holds_the_campaign()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await ClaimAsync(agent, 6);
        await agent.RestartAsync();

        (await Calls.FailureOfAsync(() => ClaimAsync(agent, 5))).Reason.ShouldBe("STALE_EPOCH");
        (await Calls.FailureOfAsync(() => ClaimAsync(agent, 5000))).Reason.ShouldBe("EPOCH_JUMP");
        var twice = await Calls.FailureOfAsync(() => ClaimAsync(agent, 6, "77777777-0000-4000-8000-000000000000"));
        twice.Reason.ShouldBe("CAMPAIGN_CLAIMED_TWICE");
        twice.Metadata["held_by"].ShouldBe(Instance);
        twice.RetryDelay.ShouldNotBeNull();
    }

    [Fact]
    public async Task Successor_that_has_the_store_after_the_holder_is_obeyed_while_the_holders_connection_is_open()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var next = new ClaimCampaignRequest(Claim(2, "77777777-0000-4000-8000-000000000000")) { StoreTerm = new() { Store = "store-1", Number = 41 } };
        await agent.Coordinator.ClaimCampaignAsync(new ClaimCampaignRequest(Claim(1, Instance)) { StoreTerm = new() { Store = "store-1", Number = 40 } }, deadline: Calls.Deadline);

        (await Calls.FailureOfAsync(() => ClaimAsync(agent, 2, next.CoordinatorInstance))).Reason.ShouldBe("CAMPAIGN_CLAIMED_TWICE");
        await agent.Coordinator.ClaimCampaignAsync(next, deadline: Calls.Deadline);
        (await Calls.FailureOfAsync(() => ClaimAsync(agent, 1))).Reason.ShouldBe("STALE_EPOCH");
    }

    [Fact]
    public async Task Term_that_means_nothing_is_refused_with_what_is_wrong_in_it()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var refusal = await Calls.FailureOfAsync(async () =>
            await agent.Coordinator.ClaimCampaignAsync(new ClaimCampaignRequest(Claim(1, Instance)) { StoreTerm = new() { Store = new string('s', 129) } }, deadline: Calls.Deadline));

        refusal.Reason.ShouldBe("INVALID_REQUEST");
        refusal.Message.ShouldContain("store_term.store: has 129 characters; it must have 1 to 128");
        refusal.Message.ShouldContain("store_term.number: is 0; it must be at least 1");
    }

    [Fact]
    public async Task Operator_may_neither_claim_a_campaign_nor_start_an_operation_of_one()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        (await Calls.FailureOfAsync(async () => await agent.For(PeerRole.Operator).ClaimCampaignAsync(Claim(1, Instance)))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await agent.For(PeerRole.Operator).InitiateAsync(Request(null))).Failure.ShouldNotBeNull().StatusCode.ShouldBeOneOf(StatusCode.PermissionDenied, StatusCode.InvalidArgument);
        agent.Initiations.ShouldBe(0);
    }

    private const string Instance = "11111111-0000-4000-8000-000000000000";

    // The agent has a copy of its journal from before the claim, does the operation, and comes back with the copy or with none.
    private async Task<JournalPosition> ActAndReplaceAsync(AgentUnderTest agent, bool afresh)
    {
        await agent.StopAsync();
        var files = Directory.GetFiles(agent.DataDirectory, "journal*").ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        await agent.StartAsync();
        var position = await ClaimAsync(agent, 1);
        await agent.Coordinator.InitiateAsync(Request(null));
        agent.Initiations.ShouldBe(1);
        await agent.StopAsync();

        foreach (var file in Directory.GetFiles(agent.DataDirectory, "journal*"))
        {
            File.Delete(file);
        }

        foreach (var (name, bytes) in files.Where(_ => !afresh))
        {
            await File.WriteAllBytesAsync(Path.Combine(agent.DataDirectory, name), bytes);
        }

        await agent.StartAsync();
        return position;
    }

    private static async Task<JournalPosition> ClaimAsync(AgentUnderTest agent, long epoch, string instance = Instance)
        => (await agent.Coordinator.ClaimCampaignAsync(Claim(epoch, instance), deadline: Calls.Deadline)).Journal;

    private Task<RpcFailure> WatchAsync(AgentUnderTest agent, JournalPosition? sentBefore) => Calls.FailureOfAsync(async () =>
    {
        using var call = agent.Coordinator.WatchFailback(
            new WatchFailbackRequest { OperationId = _operation.ToString(), SentBefore = sentBefore }, deadline: Calls.Deadline);
        await call.ResponseStream.MoveNext(CancellationToken.None);
    });

    private static ClaimCampaignRequest Claim(long epoch, string instance)
        => new() { CampaignId = Campaign.ToString(), Epoch = epoch, CoordinatorInstance = instance };

    private InitiateFailbackRequest Request(JournalPosition? sentBefore)
    {
        var request = Calls.Request(_operation, Stage.Id(1));
        request.Campaign = new CampaignContext { CampaignId = Campaign.ToString(), ItemId = "item", Attempt = 1, Epoch = 1, CoordinatorInstance = Instance };
        request.SentBefore = sentBefore;
        return request;
    }
}
