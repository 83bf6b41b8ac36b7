using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Service;

public sealed class CancelFailbackTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Cancel_of_a_running_job_needs_confirmation()
    {
        await using var agent = await StartStuckAsync();

        var failure = await Calls.FailureOfAsync(async () => await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString() }));

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.FailedPrecondition, "CONFIRMATION_REQUIRED"));
        (await StateAsync(agent)).ShouldBe(OperationState.Running);
    }

    [Fact]
    public async Task Confirmed_cancel_ends_the_operation_when_the_host_has_terminated_the_job()
    {
        await using var agent = await StartStuckAsync();

        var response = await agent.Operator.CancelFailbackAsync(Confirmed("ticket DR-7"));
        var watched = await agent.Operator.WatchAsync(_operation);

        response.HasReturnCode.ShouldBeTrue();
        response.ReturnCode.ShouldBeOneOf(0u, 4096u);
        response.Explanation.ShouldNotBeEmpty();
        watched.Messages.ShouldContain(message => message.Kind == ProgressKind.CancelRequested && message.Explanation.Contains("ticket DR-7"));
        watched.Last.State.ShouldBe(OperationState.Cancelled);
        watched.Last.Outcome.Failure.Code.ShouldBe((int)StatusCode.Cancelled);
        watched.Last.Explanation.ShouldContain("must not be booted");
    }

    [Fact]
    public async Task Cancel_that_the_host_refuses_says_what_it_answered_and_the_operation_runs_on()
    {
        // The data is merged already: a job cannot be terminated any more.
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault { AtPercent = 99 })));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Job is { PercentComplete: 99 });

        var response = await agent.Operator.CancelFailbackAsync(Confirmed("too late"));

        response.ReturnCode.ShouldBe(4097u);
        response.Explanation.ShouldNotBeEmpty();
        response.Operation.State.ShouldBe(OperationState.Running);
        (await StateAsync(agent)).ShouldBe(OperationState.Running);
    }

    [Fact]
    public async Task Cancel_of_a_terminal_operation_returns_it_as_it_is()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        var response = await agent.Operator.CancelFailbackAsync(Confirmed(""));

        response.Operation.State.ShouldBe(OperationState.Succeeded);
        response.HasReturnCode.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_of_a_queued_operation_takes_it_out_of_the_queue_without_confirmation()
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1, new PercentStuckFault()), Stage.Machine(2)), agent => agent.Arguments.AddRange(["--max-concurrent-failbacks", "1"]));
        await agent.Operator.InitiateUntilAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)), message => message.State == OperationState.Running);
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(2)), message => message.QueuePosition == 1);

        var response = await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString(), Reason = "not today" });
        var joined = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(2)));

        response.Operation.State.ShouldBe(OperationState.Cancelled);
        joined.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Request);
        joined.Failure.ShouldNotBeNull().StatusCode.ShouldBe(StatusCode.Cancelled);
        agent.Host.Initiations.For(Stage.Id(2)).ShouldBe(0);
    }

    [Fact]
    public async Task Unknown_operation_and_too_long_reason_are_refused()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host());

        var unknown = await Calls.FailureOfAsync(async () => await agent.Operator.CancelFailbackAsync(Confirmed("")));
        var tooLong = await Calls.FailureOfAsync(async () => await agent.Operator.CancelFailbackAsync(Confirmed(new string('x', 1025))));

        unknown.Reason.ShouldBe("OPERATION_NOT_FOUND");
        tooLong.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe("reason");
    }

    private CancelFailbackRequest Confirmed(string reason) => new() { OperationId = _operation.ToString(), ConfirmPossibleDataLoss = true, Reason = reason };

    private async Task<AgentUnderTest> StartStuckAsync()
    {
        var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new PercentStuckFault())));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.State == OperationState.Running);
        return agent;
    }

    private async Task<OperationState> StateAsync(AgentUnderTest agent)
        => (await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() })).State;
}
