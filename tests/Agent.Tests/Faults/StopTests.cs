using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Hosting;
using HostAgent.HyperV.Simulation.Faults;
using HostAgent.Transport;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Faults;

public sealed class StopTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Stop_ends_streams_with_unavailable_and_leaves_the_failback_to_the_host()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())));
        using var call = agent.Operator.InitiateFailback(Calls.Request(_operation, Stage.Id(1)), deadline: Calls.Deadline);
        while (await call.ResponseStream.MoveNext(default) && call.ResponseStream.Current.State != OperationState.Running)
        {
        }

        agent.Operations.Drain();
        var failure = await Calls.FailureOfAsync(async () =>
        {
            while (await call.ResponseStream.MoveNext(default))
            {
            }
        });

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.Unavailable, "DRAINING"));
        failure.RetryDelay.ShouldNotBeNull();
        (await agent.Operator.GetHostAsync(new GetHostRequest())).Draining.ShouldBeTrue();
        var refused = (await agent.Operator.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)))).Failure.ShouldNotBeNull();
        refused.Reason.ShouldBe("DRAINING");
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Two_agents_on_one_data_directory_are_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host());

        (await Should.ThrowAsync<StartException>(agent.StartAsync)).Lines.ShouldHaveSingleItem().ShouldContain("Another agent is running");
    }

    [Theory]
    [InlineData(PeerRole.Viewer)]
    [InlineData(PeerRole.Agent)]
    public async Task Roles_that_may_not_start_are_refused(PeerRole role)
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        var started = (await agent.For(role).InitiateAsync(Calls.Request(_operation, Stage.Id(1)))).Failure.ShouldNotBeNull();
        var cancelled = await Calls.FailureOfAsync(async () => await agent.For(role).CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString() }));

        started.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        cancelled.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        agent.Initiations.ShouldBe(0);
    }

    [Fact]
    public async Task Viewer_may_look()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));

        (await agent.For(PeerRole.Viewer).ListVirtualMachinesAsync(new ListVirtualMachinesRequest())).VirtualMachines.Count.ShouldBe(1);
    }
}
