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

        log.Lines.ShouldNotContain(line => line.Level >= LogLevel.Error);
    }
}
