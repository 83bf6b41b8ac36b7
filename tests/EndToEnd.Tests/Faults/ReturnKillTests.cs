using System.Collections.Concurrent;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// Machines come home between two hosts, each with an agent in a process of its own, while coordinator and agents are killed without warning, hosts
/// lose their power and the link is cut: never do two copies run, and never is a write lost. <see cref="KillSeeds"/> says how many times.
/// </summary>
public sealed class ReturnKillTests(ITestOutputHelper output)
{
    internal const double Speed = 120;
    internal const int Machines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<PairScenario, int> Runs
        => new(from scenario in (PairScenario[])[PairScenario.FailedOver, PairScenario.PlannedFailedOver, PairScenario.Reversed, PairScenario.BothRun]
               from seed in KillSeeds.Asked
               select (scenario, seed));

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Machines_come_home_once_and_whole_whatever_is_killed(PairScenario scenario, int seed)
    {
        var estate = EstateGenerator.GeneratePairs(1, Machines, seed, scenario);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await OpenAsync(cluster, estate);
        // Of a split brain both run until the one at home was stopped, whose writes are given up; from then on nothing may run twice or be lost.
        var decided = new ConcurrentDictionary<Guid, PairContent>();
        var moved = await MoveAsync(cluster, pair, pair.Second, pair.First, MachinesOf(pair), new Random(seed), id =>
        {
            if (scenario == PairScenario.BothRun)
            {
                decided[id] = pair.Compare(id);
            }
        });

        foreach (var (id, end) in moved.Ends)
        {
            var content = pair.Compare(id);
            var (ranBefore, givenUp) = decided.TryGetValue(id, out var then) ? (then.BothRan, then.SecondLacks) : (TimeSpan.Zero, TimeSpan.Zero);
            output.WriteLine($"{scenario} {seed} {await ShownAsync(cluster, pair.First, id, end)}, both ran {content.BothRan}, home lacks {content.FirstLacks}; {string.Join(", ", moved.Broken)}");
            content.BothRan.ShouldBe(ranBefore, $"{end.VirtualMachineName} ran twice");
            if (IsThere(end))
            {
                content.FirstLacks.ShouldBe(givenUp, $"{end.VirtualMachineName} came home without all its writes");
                content.FirstIsMixed.ShouldBeFalse();
            }
        }
    }

    internal static Task<SimulatedPair> OpenAsync(Cluster cluster, Estate estate) => SimulatedPair.OpenAsync(
        estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);

    internal static List<Guid> MachinesOf(SimulatedPair pair) => [.. pair.Second.Description.VirtualMachines.Select(machine => machine.Id)];

    internal static bool IsThere(Return end) => end.Next is { Kind: NextKind.Done, Code: "HOME" or "HOME_UNPROTECTED" };

    internal static async Task<string> ShownAsync(Cluster cluster, SimulatedHost to, Guid machine, Return end)
        => $"{end.VirtualMachineName}: {end.Next.Code} in {end.Steps.Count} steps, starts there {await StartsAsync(cluster, to.Description.Name, machine)}{(IsThere(end) ? "" : $" ({end.Steps.LastOrDefault()?.Explanation})")}";

    // Moves machines from the host where they run to the other, which loses its power meanwhile.
    internal static async Task<(IReadOnlyList<(Guid Machine, Return End)> Ends, IReadOnlyList<BrokenPart> Broken)> MoveAsync(
        Cluster cluster, SimulatedPair pair, SimulatedHost from, SimulatedHost to, List<Guid> machines, Random random, Action<Guid> stopped)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var (faults, returns) = (PairFaults.BreakAsync(cluster, pair, to, random, ended.Token), cluster.Returns);
        var ends = await Task.WhenAll(machines.Select(id => BringAsync(
            returns, new CreateReturnRequest { VirtualMachine = id.ToString("D"), RecoveryHost = from.Description.Name, HomeHost = to.Description.Name }, () => stopped(id), deadline.Token)));
        await ended.CancelAsync();
        var broken = await faults;
        ends.ShouldAllBe(end => end.Next.Kind == NextKind.Done || end.Next.Kind == NextKind.Ask);
        return ([.. machines.Zip(ends)], broken);
    }

    private static async Task<Return> BringAsync(Returns.ReturnsClient returns, CreateReturnRequest wanted, Action stopped, CancellationToken cancellationToken)
    {
        var name = $"returns/{wanted.VirtualMachine}";
        var (last, failure, begun) = (new Return(), "", false);
        while (true)
        {
            try
            {
                if (!begun)
                {
                    await returns.CreateReturnAsync(wanted, cancellationToken: cancellationToken);
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

    // What a person says: of a split brain, that production is at the recovery site.
    private static string? AnswerTo(string question) => question switch
    {
        "SPLIT_BRAIN" => "STOP_HOME",
        "WHICH_SIDE" => "KEEP_RECOVERY",
        // A crash in the middle of a failover: it is undone and made again.
        "HALF_FAILOVER" => "REVERT_HOME",
        _ => null,
    };

    private static async Task<int> StartsAsync(Cluster cluster, string host, Guid machine)
    {
        var listed = await cluster.AgentOperations(host).ListOperationsAsync(new() { VirtualMachineId = machine.ToString("D"), PageSize = 1000 });
        return listed.Operations.Count(operation => operation is { Kind: "start-machine", State: Contracts.Failback.V1.OperationState.Succeeded or Contracts.Failback.V1.OperationState.SucceededWithWarnings });
    }
}
