using HostAgent.Agent.Tests.Support;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 15 at its closest: between the agent's checks and its call somebody else starts a failback of the same machine.</summary>
public sealed class RacedCallTests
{
    [Fact]
    public async Task Failback_that_somebody_else_started_first_is_never_claimed_and_never_started_a_second_time()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new RacedFault { Times = 1 }, new PercentStuckFault())));

        var raced = await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));
        var after = await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)));

        raced.Last.State.ShouldBe(OperationState.Failed);
        raced.Failure.ShouldNotBeNull().Reason.ShouldBe("SYSTEM_IN_USE");
        raced.Messages.ShouldAllBe(message => message.Job == null, "the job is not this operation's");
        after.Failure.ShouldNotBeNull().Reason.ShouldBe("FAILBACK_IN_PROGRESS");
        after.Failure.Message.ShouldContain("is being failed back already");
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Restarted_agent_does_not_take_somebody_elses_failback_for_its_own()
    {
        var operation = Guid.NewGuid();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new RacedFault { Times = 1 }, new PercentStuckFault())));
        await agent.Operator.InitiateAsync(Calls.Request(operation, Stage.Id(1)));

        await agent.RestartAsync();

        var watched = await agent.Operator.WatchAsync(operation);
        watched.Last.State.ShouldBe(OperationState.Failed);
        watched.Last.Outcome.Failure.Reason.ShouldBe("SYSTEM_IN_USE");
        agent.Initiations.ShouldBe(1);
    }
}
