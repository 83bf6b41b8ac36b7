using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Cim;
using OperationState = HostAgent.Contracts.Failback.V1.OperationState;
using OutcomeBasis = HostAgent.Contracts.Failback.V1.OutcomeBasis;

namespace HostAgent.Agent.Tests.Faults;

/// <summary>Fault 6: the host's answer to the call does not arrive. What the host shows decides whether the call is made again.</summary>
public sealed class LostAnswerTests
{
    private readonly Guid _operation = Guid.NewGuid();

    [Fact]
    public async Task Call_that_took_effect_and_lost_its_answer_is_found_by_its_job_and_not_made_again()
    {
        var calls = 0;
        await using var agent = await StartAsync(async initiate =>
        {
            calls++;
            await initiate();
            throw new CimException(CimErrorCode.RpcServerUnavailable, "The answer was lost.");
        });

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Last.State.ShouldBe(OperationState.Succeeded);
        result.Messages.ShouldContain(message => message.Kind == ProgressKind.Reattached && message.Job != null);
        calls.ShouldBe(1);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Call_that_never_reached_the_host_is_made_again_once_the_host_proves_it()
    {
        var calls = 0;
        await using var agent = await StartAsync(initiate => ++calls == 1
            ? throw new CimException(CimErrorCode.RpcServerUnavailable, "The call was lost.")
            : initiate());

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Last.State.ShouldBe(OperationState.Succeeded);
        result.Messages.ShouldContain(message => message.Kind == ProgressKind.Reattached && message.Explanation.Contains("calling again"));
        calls.ShouldBe(2);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Call_that_the_host_refused_with_an_error_is_a_failure_and_not_made_again()
    {
        var calls = 0;
        await using var agent = await StartAsync(_ =>
        {
            calls++;
            throw new CimException(CimErrorCode.AccessDenied, "No.");
        });

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Failure.ShouldNotBeNull().Reason.ShouldBe("ACCESS_DENIED");
        result.Last.State.ShouldBe(OperationState.Failed);
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task Job_that_the_host_started_and_did_not_name_is_found_on_the_machine()
    {
        await using var agent = await StartAsync(async initiate => (await initiate()) with { Outputs = new Dictionary<string, object?>() });

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Last.State.ShouldBe(OperationState.Succeeded);
        result.Last.Outcome.Basis.ShouldBe(OutcomeBasis.Job);
        agent.Initiations.ShouldBe(1);
    }

    [Fact]
    public async Task Host_that_says_it_started_a_job_and_shows_none_is_never_asked_again()
    {
        var calls = 0;
        await using var agent = await StartAsync(_ =>
        {
            calls++;
            return Task.FromResult(new CimMethodResult(4096, new Dictionary<string, object?>()));
        });

        var result = await agent.Operator.InitiateAsync(Calls.Request(_operation, Stage.Id(1)));

        result.Last.State.ShouldBe(OperationState.UnknownOutcome);
        calls.ShouldBe(1);
    }

    private static Task<AgentUnderTest> StartAsync(Func<Func<Task<CimMethodResult>>, Task<CimMethodResult>> onInitiate)
        => AgentUnderTest.StartAsync(Stage.Host(Stage.Machine(1)), agent => agent.PrepareSession = session => session.OnInitiate = onInitiate);
}
