using Grpc.Core;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Transport;

namespace HostAgent.Agent.Tests.Service;

/// <summary>Who may change something at an agent, and what the agent keeps of it.</summary>
public sealed class CommandRolesTests : IDisposable
{
    private readonly CollectedLog _log = new();

    [Theory]
    [InlineData(PeerRole.Operator)]
    [InlineData(PeerRole.Viewer)]
    [InlineData(PeerRole.Agent)]
    public async Task Only_the_coordinator_starts_and_cancels_unless_the_agent_is_told_otherwise(PeerRole role)
    {
        await using var agent = await StartAsync(operatorsMay: false);
        var client = agent.For(role);

        var start = (await client.InitiateAsync(Calls.Request(Guid.NewGuid(), Stage.Id(1)))).Failure.ShouldNotBeNull();
        var cancel = await Calls.FailureOfAsync(async () => await client.CancelFailbackAsync(new CancelFailbackRequest { OperationId = Guid.NewGuid().ToString() }));

        (start.StatusCode, start.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
        (cancel.StatusCode, cancel.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
        agent.Initiations.ShouldBe(0);
        var word = role.ToString().ToLowerInvariant();
        _log.Lines.ShouldContain(line => line.Text.StartsWith($"Refused failback://{word}/test-{word}#serial=", StringComparison.Ordinal) && line.Text.Contains("InitiateFailback", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PeerRole.Coordinator, false)]
    [InlineData(PeerRole.Operator, true)]
    public async Task What_was_commanded_is_kept_in_the_log_with_the_proved_identity(PeerRole role, bool operatorsMay)
    {
        await using var agent = await StartAsync(operatorsMay);
        var client = agent.For(role);
        var operation = Guid.NewGuid();
        var word = role.ToString().ToLowerInvariant();

        await client.InitiateAsync(Calls.Request(operation, Stage.Id(1)));
        await Calls.FailureOfAsync(async () => await client.CancelFailbackAsync(new CancelFailbackRequest { OperationId = "nonsense\nForged" }));

        var known = await client.GetFailbackAsync(new GetFailbackRequest { OperationId = operation.ToString() });
        known.RequestedBy.ShouldStartWith($"failback://{word}/test-{word}#serial=");
        _log.Lines.ShouldContain(line => line.Text.StartsWith($"InitiateFailback by {known.RequestedBy} at ipv4:127.0.0.1:", StringComparison.Ordinal) && line.Text.Contains($"accepted: operation_id {operation}", StringComparison.Ordinal));
        _log.Lines.ShouldContain(line => line.Text.StartsWith($"CancelFailback by {known.RequestedBy} at ipv4:127.0.0.1:", StringComparison.Ordinal) && line.Text.Contains("refused, InvalidArgument INVALID_REQUEST: operation_id no UUID", StringComparison.Ordinal));
    }

    public void Dispose() => _log.Dispose();

    private async Task<AgentUnderTest> StartAsync(bool operatorsMay)
    {
        var agent = await AgentUnderTest.StartAsync(
            Stage.Host(Stage.Machine(1)),
            agent => agent.Arguments.AddRange(["--HostAgent:OperatorsMayFailBack", operatorsMay ? "true" : "false", "--Logging:LogLevel:Default", "Information"]));
        agent.Collect(_log);
        return agent;
    }
}
