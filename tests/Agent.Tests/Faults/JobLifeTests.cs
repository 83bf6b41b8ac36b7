using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 10 and 12: jobs that stand still, end in no known way, or are out of sight.</summary>
public sealed class JobLifeTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Job_that_stands_still_says_so_and_is_not_concluded()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault())), agent => agent.Arguments.AddRange(["--HostAgent:NoProgressAfter", "00:00:01"]));

        var message = await agent.Operator.InitiateUntilAsync(
            Calls.Request(_operation, Stage.Id(1)), message => message.Explanation.Contains("No progress"));

        message.State.ShouldBe(OperationState.Running);
        message.Kind.ShouldBe(ProgressKind.JobState);
    }

    [Fact]
    public async Task Job_in_a_state_that_is_not_published_is_followed_until_it_is_gone_and_the_machine_decides()
    {
        var fault = new JobEndsFault { JobState = (HyperV.Jobs.JobState)40000, ErrorCode = 0, State = HyperV.Replication.ReplicationState.Critical };
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, fault)), agent => agent.JobRetention = TimeSpan.FromSeconds(1));

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Messages.ShouldContain(message => message.Job != null && message.Job.StateNumber == 40000 && message.Job.State == JobState.Unknown && message.State == OperationState.Running);
        result.Last.State.ShouldBe(OperationState.UnknownOutcome);
        result.Last.Explanation.ShouldContain("Critical");
    }

    [Fact]
    public async Task Host_that_was_out_of_reach_is_found_again_and_the_failback_goes_on()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.HostSpeed = 100);
        using var call = agent.Operator.InitiateFailback(Calls.Request(_operation, Stage.Id(1)), deadline: Calls.Deadline);
        var messages = new List<FailbackProgress>();
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            messages.Add(message);
            if (message is { Kind: ProgressKind.JobState, State: OperationState.Running } && !agent.Session.OutOfReach && messages.TrueForAll(former => former.Kind != ProgressKind.Reattached))
            {
                agent.Session.OutOfReach = true;
                var asked = agent.Session.Calls;
                SpinWait.SpinUntil(() => agent.Session.Calls > asked, TimeSpan.FromSeconds(30)).ShouldBeTrue();
                agent.Session.OutOfReach = false;
            }
        }

        messages.ShouldContain(message => message.Kind == ProgressKind.Reattached && message.Explanation.Contains("could not be asked"));
        messages[^1].State.ShouldBe(OperationState.Succeeded);
    }

    [Fact]
    public async Task Watchers_that_never_read_hold_nobody_back()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var client = agent.Operator;
        await client.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Kind == ProgressKind.Accepted);
        var idle = Enumerable.Range(0, 90).Select(_ => client.WatchFailback(new WatchFailbackRequest { OperationId = _operation.ToString() }, deadline: Calls.Deadline)).ToList();

        var watched = await agent.For(Transport.PeerRole.Viewer).WatchAsync(_operation);

        watched.Last.State.ShouldBe(OperationState.Succeeded);
        idle.ForEach(call => call.Dispose());
        (await client.GetHostAsync(new GetHostRequest())).RunningFailbacks.ShouldBe(0);
    }
}
