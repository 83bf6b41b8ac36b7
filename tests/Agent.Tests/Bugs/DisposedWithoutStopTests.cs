using HostAgent.Agent.Tests.Support;
using Microsoft.Extensions.Logging;

namespace HostAgent.Agent.Tests.Bugs;

/// <summary>An agent that was disposed of without a stop logged a critical OperationCanceledException of its retention.</summary>
public sealed class DisposedWithoutStopTests
{
    [Fact]
    public async Task Disposal_without_a_stop_is_no_fault()
    {
        var log = new CollectedLog();
        await using var agent = await AgentUnderTest.StartAsync(Stage.Host());
        agent.Collect(log);

        await agent.DisposeWithoutStopAsync();

        // A service that has not begun yet is cancelled by the framework, which calls that critical: nothing of ours has run then.
        log.Lines.Where(line => line.Level >= LogLevel.Error && line.Text.Contains("HostAgent.", StringComparison.Ordinal)).Select(line => line.Text).ShouldBeEmpty();
    }
}
