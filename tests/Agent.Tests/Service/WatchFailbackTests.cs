using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;

namespace HostAgent.Agent.Tests.Service;

public sealed class WatchFailbackTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Watch_after_any_sequence_misses_nothing_and_repeats_nothing()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        var all = (await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)))).Recorded.ToList();

        for (var after = 0; after <= all.Count; after++)
        {
            var watched = await agent.Operator.WatchAsync(_operation, after);
            watched.Failure.ShouldBeNull();
            watched.Messages.ShouldBe(all.Skip(after));
        }
    }

    [Fact]
    public async Task Watchers_of_a_running_operation_all_see_every_recorded_event_once_and_end_with_ok()
    {
        // The job would take most of a minute; it is cancelled when every watcher has seen how far it is.
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.HostSpeed = 10);
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.State == OperationState.Running);
        var percents = Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var watching = Task.WhenAll(percents.Select(percent => agent.Operator.WatchAsync(_operation, seen: message => _ = message.Kind == ProgressKind.Percent && percent.TrySetResult())));
        await Task.WhenAll(percents.Select(percent => percent.Task)).WaitAsync(Calls.Deadline - DateTime.UtcNow);
        await agent.Operator.CancelFailbackAsync(new CancelFailbackRequest { OperationId = _operation.ToString(), ConfirmPossibleDataLoss = true });

        var watched = await watching;

        var sequence = (await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() })).Sequence;
        foreach (var result in watched)
        {
            result.Failure.ShouldBeNull();
            result.Recorded.Select(message => message.Sequence).ShouldBe(Enumerable.Range(1, (int)sequence).Select(i => (long)i));
            // A percentage comes after the event whose sequence it shares.
            result.Messages.Select(message => message.Sequence).ShouldBeInOrder();
        }
    }

    [Fact]
    public async Task Watch_of_a_failed_operation_ends_with_ok()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1, new AnswerFault(HyperV.Failback.ReturnCode.Failed))));
        (await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)))).Failure.ShouldNotBeNull();

        var watched = await agent.Operator.WatchAsync(_operation);

        watched.Failure.ShouldBeNull();
        watched.Last.Outcome.Failure.Reason.ShouldBe("FAILED");
    }

    [Fact]
    public async Task Lost_stream_does_not_stop_the_failback()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)));
        await agent.Operator.InitiateUntilAsync(Calls.Request(_operation, Stage.Id(1)), message => message.Kind == ProgressKind.Accepted);

        (await agent.Operator.WatchAsync(_operation)).Last.State.ShouldBe(OperationState.Succeeded);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Unknown_operation_is_not_found()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host());

        var failure = (await agent.Operator.WatchAsync(_operation)).Failure.ShouldNotBeNull();

        (failure.StatusCode, failure.Reason).ShouldBe((StatusCode.NotFound, "OPERATION_NOT_FOUND"));
        var missing = await Calls.FailureOfAsync(async () => await agent.Operator.GetFailbackAsync(new GetFailbackRequest { OperationId = _operation.ToString() }));
        missing.Reason.ShouldBe("OPERATION_NOT_FOUND");
    }

    [Fact]
    public async Task Malformed_id_and_negative_sequence_are_refused_together()
    {
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host());
        using var call = agent.Operator.WatchFailback(new WatchFailbackRequest { OperationId = "x", AfterSequence = -1 }, deadline: Calls.Deadline);

        var failure = await Calls.FailureOfAsync(async () => await call.ResponseStream.MoveNext(default));

        failure.FieldViolations.Select(violation => violation.Field).ShouldBe(["operation_id", "after_sequence"]);
    }
}
