using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// Replicas are tested while coordinator and agents are killed without warning and the host loses its power: whatever a drill has made it removes, and
/// nothing else. <see cref="KillSeeds"/> says how many times.
/// </summary>
public sealed class DrillKillTests(ITestOutputHelper output)
{
    private const double Speed = 120;
    private const int Machines = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static TheoryData<int> Seeds => [.. KillSeeds.Asked];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Drill_leaves_nothing_behind_and_the_replica_as_it_was_whatever_is_killed(int seed)
    {
        var estate = EstateGenerator.GeneratePairs(1, Machines, seed, PairScenario.Replicating);
        await using var cluster = await Cluster.StartAsync(estate, Speed);
        await using var pair = await SimulatedPair.OpenAsync(
            estate, estate.Pairs[0], new SimulationOptions { PairDirectory = estate.StateDirectoryOf(cluster.EstateFile), Speed = Speed }, TimeProvider.System, TestContext.Current.CancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var host = pair.Second;
        var ids = host.Description.VirtualMachines.Select(machine => machine.Id).ToList();

        var begun = new List<Drill>();
        foreach (var id in ids)
        {
            begun.Add(await cluster.Drills.StartDrillAsync(new StartDrillRequest { VirtualMachine = id.ToString("D"), Host = host.Description.Name }, cancellationToken: deadline.Token));
        }

        var faults = PairFaults.BreakAsync(cluster, pair, host, new Random(seed), ended.Token);
        var ends = await Task.WhenAll(begun.Select(drill => EndOfAsync(cluster.Drills, drill.Name, deadline.Token)));
        await ended.CancelAsync();
        var broken = await faults;

        foreach (var (id, end) in ids.Zip(ends))
        {
            output.WriteLine($"{seed} {end.VirtualMachineName}: {end.State} in {end.Steps.Count} steps: {end.Explanation}; {string.Join(", ", broken)}");
            (await TestFailovers.CountAsync(cluster, end, deadline.Token)).ShouldBeInRange(end.State == DrillState.Passed ? 1 : 0, 1, $"{end}");
            var facts = await FactsAsync(cluster, host.Description.Name, id, deadline.Token);
            facts.TestMachineIds.ShouldBeEmpty($"{end.VirtualMachineName}: {end.Explanation} {string.Join("; ", end.Steps.Select(step => $"{step.Kind} {step.Succeeded} {step.Explanation}"))}");
            (facts.VirtualMachine.ReplicationMode, facts.VirtualMachine.PowerState).ShouldBe((Contracts.Failback.V1.ReplicationMode.Replica, Contracts.Failback.V1.PowerState.Off));
        }

        var listed = await cluster.Hosts.ListVirtualMachinesAsync(new ListVirtualMachinesRequest { Parent = $"hosts/{host.Description.Name}" }, cancellationToken: deadline.Token);
        listed.VirtualMachines.Count.ShouldBe(Machines);
    }

    private static async Task<Contracts.Failback.V1.MachineFacts> FactsAsync(Cluster cluster, string host, Guid machine, CancellationToken cancellationToken)
    {
        while (true)
        {
            var facts = await cluster.AgentOperations(host).GetMachineFactsAsync(new() { VirtualMachineId = machine.ToString("D") }, cancellationToken: cancellationToken);
            if (facts.Believed)
            {
                return facts;
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task<Drill> EndOfAsync(Drills.DrillsClient drills, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var watch = drills.WatchDrill(new WatchDrillRequest { Name = name }, cancellationToken: cancellationToken);
                await foreach (var shown in watch.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    if (shown.EndTime is not null)
                    {
                        return shown;
                    }
                }
            }
            catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The coordinator was killed: looked at again.
                (exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled).ShouldBeTrue(RpcFailure.From(exception).ToString());
                await Task.Delay(200, CancellationToken.None);
            }
        }
    }
}
