using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.EndToEnd.Tests.Processes;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// Machines come home between two hosts, each with an agent in a process of its own, while coordinator and agents are killed without warning, hosts
/// lose their power and the link is cut: never do two copies run, and never is a write lost. RETURN_SEEDS sets how many times.
/// </summary>
public sealed class ReturnKillTests(ITestOutputHelper output)
{
    private const double Speed = 120;
    private const int Machines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<PairScenario, int> Runs
    {
        get
        {
            var seeds = int.TryParse(Environment.GetEnvironmentVariable("RETURN_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 1;
            return new(from scenario in (PairScenario[])[PairScenario.FailedOver, PairScenario.PlannedFailedOver, PairScenario.Reversed, PairScenario.BothRun]
                       from seed in Enumerable.Range(1, seeds)
                       select (scenario, seed));
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Machines_come_home_once_and_whole_whatever_is_killed(PairScenario scenario, int seed)
    {
        var estate = EstateGenerator.GeneratePairs(1, Machines, seed, scenario);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        var ids = pair.Second.Description.VirtualMachines.Select(machine => machine.Id).ToList();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);

        var faults = PairFaults.BreakAsync(cluster, pair, pair.First, new Random(seed), ended.Token);
        var returns = cluster.Returns;
        // Of a split brain both run until the one at home was stopped, whose writes are given up; from then on nothing may run twice or be lost.
        var decided = new ConcurrentDictionary<Guid, PairContent>();
        var ends = await Task.WhenAll(ids.Select(id => BringHomeAsync(returns, id, scenario == PairScenario.BothRun ? () => decided[id] = pair.Compare(id) : () => { }, deadline.Token)));
        await ended.CancelAsync();
        var broken = await faults;

        foreach (var (id, end) in ids.Zip(ends))
        {
            var content = pair.Compare(id);
            var (ranBefore, givenUp) = decided.TryGetValue(id, out var then) ? (then.BothRan, then.SecondLacks) : (TimeSpan.Zero, TimeSpan.Zero);
            var starts = await StartsAsync(cluster, pair.First.Description.Name, id);
            output.WriteLine($"{scenario} {seed} {end.VirtualMachineName}: {end.Next.Code} in {end.Steps.Count} steps, starts at home {starts}, both ran {content.BothRan}, home lacks {content.FirstLacks}; {string.Join(", ", broken)}");
            content.BothRan.ShouldBe(ranBefore, $"{end.VirtualMachineName} ran twice");
            if (end.Next is { Kind: NextKind.Done, Code: "HOME" or "HOME_UNPROTECTED" })
            {
                content.FirstLacks.ShouldBe(givenUp, $"{end.VirtualMachineName} came home without all its writes");
                content.FirstIsMixed.ShouldBeFalse();
            }
        }

        ends.ShouldAllBe(end => end.Next.Kind == NextKind.Done || end.Next.Kind == NextKind.Ask);
    }

    private static async Task<Return> BringHomeAsync(Returns.ReturnsClient returns, Guid machine, Action stopped, CancellationToken cancellationToken)
    {
        var name = $"returns/{machine:D}";
        var (last, failure, begun) = (new Return(), "", false);
        while (true)
        {
            try
            {
                if (!begun)
                {
                    await returns.CreateReturnAsync(new CreateReturnRequest { VirtualMachine = machine.ToString("D") }, cancellationToken: cancellationToken);
                    begun = true;
                }

                last = await returns.GetReturnAsync(new GetReturnRequest { Name = name }, cancellationToken: cancellationToken);
                if (last is { EndTime: null, Running: false })
                {
                    await returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = name, RunToEnd = true }, cancellationToken: cancellationToken);
                }

                using var watch = returns.WatchReturn(new WatchReturnRequest { Name = name }, cancellationToken: cancellationToken);
                await foreach (var shown in watch.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    last = shown;
                    if (shown.Home.Facts?.VirtualMachine?.PowerState == Contracts.Failback.V1.PowerState.Off && !shown.Steps.Append(shown.Step).Any(step => step?.Kind == "BECOME_REPLICA"))
                    {
                        stopped();
                    }

                    if (shown is { Step: null, Next: { Kind: NextKind.Ask, Code: var code } } && AnswerTo(code) is { } verb)
                    {
                        await returns.AnswerReturnAsync(new AnswerReturnRequest { Name = name, Verb = verb, Evidence = shown.Next.Evidence, Reason = "the users work at the recovery site" }, cancellationToken: cancellationToken);
                        continue;
                    }

                    if (shown.Next.Kind is NextKind.Done or NextKind.Refused || (shown.Next.Kind == NextKind.Ask && shown.Step is null))
                    {
                        return shown;
                    }

                    if (shown is { Step: null, Next.Kind: NextKind.Approval })
                    {
                        await returns.ApproveReturnAsync(new ApproveReturnRequest { Name = name, Gate = shown.Next.Gate, Evidence = shown.Next.Evidence }, cancellationToken: cancellationToken);
                    }
                }
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The coordinator was killed, or the return has gone on since it was shown: looked at again.
                failure = RpcFailure.From(exception).ToString();
                (exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled or StatusCode.NotFound or StatusCode.FailedPrecondition).ShouldBeTrue(failure);
                await Task.Delay(200, CancellationToken.None);
            }
            catch (RpcException exception)
            {
                throw new TimeoutException($"Not home within {Patience} (last failure: {failure}): {last}", exception);
            }
        }
    }

    // What a person says of a split brain: production is at the recovery site.
    private static string? AnswerTo(string question) => question switch
    {
        "SPLIT_BRAIN" => "STOP_HOME",
        "WHICH_SIDE" => "KEEP_RECOVERY",
        _ => null,
    };

    private static async Task<int> StartsAsync(Cluster cluster, string host, Guid machine)
    {
        var listed = await cluster.AgentOperations(host).ListOperationsAsync(new() { VirtualMachineId = machine.ToString("D"), PageSize = 1000 });
        return listed.Operations.Count(operation => operation is { Kind: "start-machine", State: Contracts.Failback.V1.OperationState.Succeeded or Contracts.Failback.V1.OperationState.SucceededWithWarnings });
    }
}
