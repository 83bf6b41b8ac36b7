using System.Diagnostics;
using System.Globalization;
using HostAgent.Agent.Tests.Support;
using HostAgent.Contracts.Failback.V1;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.Agent.Tests.Jobs;

/// <summary>What the agent costs its host, counted by the host: one listing of jobs and one of machines a look, however much there is to look at and whoever looks on.</summary>
public sealed class HostLoadTests(ITestOutputHelper output)
{
    // Job listing, and three for the machines.
    private const int CallsPerLook = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(500, 1)]
    [InlineData(1, 100)]
    public async Task Calls_on_the_host_grow_neither_with_jobs_nor_with_watchers(int jobs, int watchers)
    {
        await using var agent = await AgentUnderTest.StartAsync(
            Stage.Host([.. Enumerable.Range(1, jobs).Select(number => Stage.Machine(number, new PercentStuckFault()))]),
            agent =>
            {
                agent.Arguments.AddRange(["--max-concurrent-failbacks", "500"]);
                agent.Timing = timing => timing with { ShortestPoll = Pause, LongestPoll = Pause, MachinePoll = Pause };
            });
        var client = agent.Operator;
        await Parallel.ForEachAsync(
            Enumerable.Range(1, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (number, _) => await client.InitiateUntilAsync(Calls.Request(Stage.Id(1000 + number), Stage.Id(number)), message => message.State == OperationState.Running));
        var watching = Enumerable.Range(0, watchers)
            .GroupBy(i => i / 50, (_, group) => (Client: agent.Operator, Streams: group.Count()))
            .SelectMany(group => Enumerable.Range(0, group.Streams).Select(i => group.Client.WatchFailback(new WatchFailbackRequest { OperationId = Stage.Id(1001).ToString() }, deadline: Calls.Deadline)))
            .ToList();
        await Task.WhenAll(watching.Select(call => call.ResponseStream.MoveNext(default)));
        // All jobs stand still at last: from here on every look is like the one before.
        await UntilAsync(async () => (await client.ListFailbacksAsync(new ListFailbacksRequest { PageSize = 1000 })).Operations.All(operation => operation.Job is { PercentComplete: > 0, State: JobState.Running }));

        var before = agent.Host.Calls;
        var began = Stopwatch.GetTimestamp();
        await UntilAsync(() => Task.FromResult(agent.Host.Calls.Lists >= before.Lists + (20 * CallsPerLook)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = agent.Host.Calls;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs} jobs, {watchers} watchers: {(after.Total - before.Total) / seconds:0.0} calls a second"));
        (after.Reads - before.Reads).ShouldBe(0);
        (after.Methods - before.Methods).ShouldBe(0);
        (after.Associations - before.Associations).ShouldBe(0);
        // A look is made after each pause and never more often; the window may cut one at each end.
        (after.Lists - before.Lists).ShouldBeLessThanOrEqualTo((long)(((seconds / Pause.TotalSeconds) + 2) * CallsPerLook));
        watching.ForEach(call => call.Dispose());
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await pause.WaitForNextTickAsync(deadline.Token);
        }
    }
}
